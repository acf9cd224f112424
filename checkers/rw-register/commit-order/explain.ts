import type { CycleStep } from '../../transactions/cycle-classes.ts';
import type { CycleTeller, Told } from '../../transactions/explain-cycle.ts';
import { PROCESS, RW, WR } from '../../transactions/graph.ts';
import { keyInWords, type TransactionWords } from '../../transactions/transaction-words.ts';
import { AGAIN } from '../micro-operations.ts';
import type { Evidence } from '../phenomena.ts';
import { microInWords, valueInWords } from '../register-words.ts';
import type { Sessions } from '../sessions.ts';
import type { Inferred, Run } from './inferred.ts';

/**
 * Tells commit orders by the reads that demand them. Steps of type `WR` have the read as their reason; others, `WW` for a demanded order and
 * `RW` for a read of the initial state, the number of the inference.
 */
export function commitTeller(
  { micros, initial }: Evidence,
  run: Run,
  inferred: Inferred,
  withSessions: boolean,
): CycleTeller {
  const { reads, writes, keys, values } = micros;
  const wrote = (read: number): { key: string | number; value: string } => ({
    key: keys[reads.key[read]!]!,
    value: valueInWords(values.valueOf(reads.code[read]!)),
  });
  const writtenBy = (t: number, key: number): string => {
    for (let write = writes.from[t]!; write < writes.from[t + 1]!; write++)
      if (writes.key[write] === key && writes.final[write] === 1)
        return valueInWords(values.valueOf(writes.code[write]!));
    return valueInWords(initial);
  };
  const readFrom = (step: CycleStep, named: TransactionWords): string => {
    const { key, value } = wrote(step.reason);
    return `${named.name(step.to)} read ${keyInWords(key)} = ${value}, which ${named.name(step.from)} wrote`;
  };
  return {
    micro: microInWords,
    witnesses({ type, reason }) {
      if ((type & WR) !== 0) return [];
      const reader = reads.transaction[inferred.read.at(reason)]!;
      const path = pathTo(run, inferred.first.at(reason), reader, withSessions);
      return [reader, ...path.map(({ from }) => from)];
    },
    tell(step, named): Told {
      if ((step.type & WR) !== 0)
        return { words: readFrom(step, named), data: { key: wrote(step.reason).key } };
      const read = inferred.read.at(step.reason);
      const first = inferred.first.at(step.reason);
      const { key, value } = wrote(read);
      const x = keyInWords(key);
      const next = writtenBy(first, reads.key[read]!);
      const data = { key, value: values.valueOf(reads.code[read]!) };
      const reader = reads.transaction[read]!;
      if ((step.type & RW) !== 0) {
        return {
          words: `${named.name(reader)} read ${x} = ${value}, which was there before any write, and ${named.name(first)} wrote ${x} = ${next}`,
          data,
        };
      }
      const seen = pathTo(run, first, reader, withSessions).map((each) =>
        each.type === PROCESS
          ? `process ${run.table.processOf(each.from)} ran ${named.name(each.from)} before ${named.name(each.to)}`
          : readFrom(each, named),
      );
      return {
        words: `${named.name(reader)} read ${x} = ${value} of ${named.name(step.to)}, although it had seen ${named.name(first)}, which wrote ${x} = ${next} (${seen.join('; ')}): so that came first`,
        data: { ...data, reader: named.name(reader) },
      };
    },
  };
}

/** The shortest chain of reads, and of sessions if they count, from one transaction to another that saw it; steps within a session are joined. */
export function pathTo(
  { micros: { reads, writes }, versions, sessions }: Run,
  first: number,
  last: number,
  withSessions: boolean,
): CycleStep[] {
  const after = new Map<number, CycleStep>();
  const before = withSessions ? predecessors(sessions) : new Map<number, number>();
  const open = [last];
  const visit = (step: CycleStep): void => {
    if (after.has(step.from) || step.from === last) return;
    after.set(step.from, step);
    open.push(step.from);
  };
  for (let i = 0; i < open.length && !after.has(first); i++) {
    const to = open[i]!;
    for (let read = reads.from[to]!; read < reads.from[to + 1]!; read++) {
      const source = versions.source[read]!;
      if (source < 0 || versions.version[source] === 0 || reads.kind[read] === AGAIN) continue;
      visit({ from: writes.transaction[source]!, to, type: WR, reason: read });
    }
    const previous = before.get(to);
    if (previous !== undefined) visit({ from: previous, to, type: PROCESS, reason: -1 });
  }
  const path: CycleStep[] = [];
  for (let step = after.get(first); step !== undefined; step = after.get(step.to)) {
    const joined = path.at(-1);
    if (joined?.type === PROCESS && step.type === PROCESS) path[path.length - 1] = { ...joined, to: step.to };
    else path.push(step);
  }
  return path;
}

function predecessors({ order, of }: Sessions): Map<number, number> {
  const before = new Map<number, number>();
  for (let i = 1; i < order.length; i++)
    if (of[order[i]!] === of[order[i - 1]!]) before.set(order[i]!, order[i - 1]!);
  return before;
}
