import type { Anomaly } from '../checker.ts';
import { Names } from '../sessions/names.ts';
import { inWords, list, ofKey, plural } from '../shared/words.ts';
import { type ForcedOrder, forcedBy } from './forced-order.ts';
import { NONE, type Program } from './program.ts';
import type { SearchResult } from './search.ts';

const NAME = 'nonsequential';

/** Every step of the cycle, and every derived one that it rests on. */
export function explainCycle(
  program: Program,
  { derivations, cycle = [] }: ForcedOrder,
  scopeKey: string | number | undefined,
): Anomaly {
  const names = new Names(program);
  const order = forcedBy(program, derivations);
  const earliest = cycle.indexOf(Math.min(...cycle));
  const round = [...cycle.slice(earliest), ...cycle.slice(0, earliest + 1)];
  const grounds = order.grounds(round, derivations.length, (n) => {
    const { before, after, via, kind, limit } = derivations[n]!;
    if (kind === 'overwritten') return order.path(before, via, limit);
    return via === NONE ? [] : order.path(via, after, limit);
  });
  const steps = [...grounds.keys()];
  const words = (path: readonly number[], limit: number): string =>
    path
      .map((n, i) => {
        if (i === 0) return names.of(n);
        const before = path[i - 1]!;
        const why = !order.follows(before, n)
          ? `by [${steps.indexOf(order.derivationOf(before, n, limit)) + 1}]`
          : program.source[n] === before && program.process[n] !== program.process[before]
            ? `saw ${names.of(before)}`
            : 'same process';
        return `${names.of(n)} (${why})`;
      })
      .join(', then ');
  const sentences = steps.map((step, n) => {
    const { before, after, via, kind, limit } = derivations[step]!;
    const [first, second] = [names.of(before), names.of(after)];
    const way = grounds.get(step)!;
    const why =
      kind === 'overwritten'
        ? `${names.of(via)} saw ${second}, and ${first} comes before it: ${words(way, limit)}`
        : via === NONE
          ? `${first} saw the initial value`
          : `${first} saw ${names.of(via)}, which comes before ${second}: ${words(way, limit)}`;
    return `[${n + 1}] ${first} must come before ${second}, since ${why}.`;
  });
  return anomaly(
    scopeKey,
    [
      'No order of all operations keeps the order of each process and lets each read return the last write.',
      ...sentences,
      `So ${names.of(round[0]!)} would come before itself: ${words(round, derivations.length)}.`,
    ],
    names,
  );
}

/** What stood in the way where the search got furthest. */
export function explainSearch(
  program: Program,
  { longest, states }: SearchResult,
  scopeKey: string | number | undefined,
): Anomaly {
  const names = new Names(program);
  const { processes, optional } = program;
  const next = processes.flatMap((operations, p) => operations[longest.positions[p]!] ?? []);
  const why = next.filter((n) => optional[n] === 0).map((n) => obstacle(program, n, longest, names));
  return anomaly(
    scopeKey,
    [
      `No order of all operations keeps the order of each process and lets each read return the last write: all were tried (${plural(states, 'state')} without a way on).`,
      `The longest places ${longest.placed} of ${program.count - sum(optional)} operations. Then ${list(why, 8)}.`,
    ],
    names,
  );
}

function obstacle(program: Program, n: number, longest: SearchResult['longest'], names: Names): string {
  const { reads, writes, key, pairs, processes, optional } = program;
  const value = longest.values[key[n]!]!;
  const holds = `${program.keys[key[n]!] ?? 'the register'} holds ${holder(program, value)}`;
  if (reads[n] !== NONE && reads[n] !== value) return `${names.of(n)} cannot be next, since ${holds}`;
  for (let p = 0; p < processes.length; p++) {
    for (const other of processes[p]!.slice(longest.positions[p]!)) {
      if (other === n || optional[other] === 1 || reads[other] !== value || writes[n] === value) continue;
      return `${names.of(n)} cannot be next, since ${holds}, which ${names.of(other)} has yet to see`;
    }
  }
  return `${names.of(n)} leads nowhere (process ${pairs[n]!.invocation.process})`;
}

/** The value that a number stands for, by an operation that reads or writes it. */
function holder({ reads, writes, pairs, count }: Program, value: number): string {
  for (let n = 0; n < count; n++) {
    const { f, value: argument } = pairs[n]!.invocation;
    if (writes[n] === value) return inWords(f === 'cas' && Array.isArray(argument) ? argument[1] : argument);
    if (reads[n] === value && f === 'read' && pairs[n]!.completion?.type === 'ok') {
      return inWords(pairs[n]!.completion!.value);
    }
  }
  return 'its initial value';
}

export function explainImpossible(
  program: Program,
  n: number,
  scopeKey: string | number | undefined,
): Anomaly {
  const names = new Names(program);
  const key = program.keys[program.key[n]!];
  return anomaly(
    scopeKey ?? key,
    [`${names.of(n)} saw a value${ofKey(key)} that nobody else wrote.`],
    names,
    'thin-air-read',
  );
}

function anomaly(
  key: string | number | undefined,
  sentences: readonly string[],
  names: Names,
  name = NAME,
): Anomaly {
  return {
    name,
    ...(key !== undefined && { key }),
    explanation: [...sentences, `Here ${names.definitions()}.`].join(' '),
    operations: names.indices(),
  };
}

function sum(items: Uint8Array): number {
  return items.reduce((total, item) => total + item, 0);
}
