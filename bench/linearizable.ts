/**
 * Time of the linearizability checker on valid histories: the whole check, with pairing, preparation and search.
 *
 * Each client invokes, the operation takes effect after a time drawn from U(0,1), and answers after another; the next
 * follows after U(0,0.1). `unique`: half reads, half writes, each of a new value. `cas`: a third each of reads, writes and
 * compare-and-sets over five values, failed ones counted as observations. `unique-cas`: writes of new values, and compare-and-sets from a recent one to a new one.
 */
import { linearizable } from '../checkers/linearizable/index.ts';
import type { History, HistoryEvent, Json, Operation, OperationType } from '../histories/index.ts';
import { duration, type Figure } from './measure.ts';

export type Kind = 'unique' | 'cas' | 'unique-cas';

interface Pending {
  readonly time: number;
  readonly sequence: number;
  readonly client: number;
  readonly step: 'invoke' | 'effect' | 'return';
}

/** mulberry32: a bench needs no more. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function registerHistory(
  kind: Kind,
  operations: number,
  clients: number,
  keys: number,
  seed: number,
): History {
  const random = generator(seed);
  const pending: Pending[] = [];
  let sequence = 0;
  const at = (time: number, client: number, step: Pending['step']): void => {
    pending.push({ time, sequence: sequence++, client, step });
  };
  const events: HistoryEvent[] = [];
  const values = new Map<number, number>();
  const open: { f: string; key: number; value: Json; type: OperationType }[] = [];
  let next = 1;
  let invoked = 0;
  const log = (time: number, process: number, type: OperationType): void => {
    const { f, key, value } = open[process]!;
    events.push({ index: events.length, time: Math.round(time * 1e6), process, type, f, key, value });
  };
  for (let client = 0; client < clients; client++) at(random() * 0.1, client, 'invoke');
  while (pending.length > 0) {
    // At most one entry per client: a scan is fast enough.
    let first = 0;
    for (let i = 1; i < pending.length; i++) {
      const a = pending[i]!;
      const b = pending[first]!;
      if (a.time < b.time || (a.time === b.time && a.sequence < b.sequence)) first = i;
    }
    const { time, client, step } = pending.splice(first, 1)[0]!;
    if (step === 'invoke') {
      if (invoked++ >= operations) continue;
      const key = Math.floor(random() * keys);
      const draw = random();
      const five = (): number => 1 + Math.floor(random() * 5);
      const recent = (): number => Math.max(0, next - 1 - Math.floor(random() * 3));
      const call =
        kind === 'unique'
          ? draw < 1 / 2
            ? { f: 'read', value: null }
            : { f: 'write', value: next++ }
          : draw < 1 / 3
            ? { f: 'read', value: null }
            : draw < 2 / 3
              ? { f: 'write', value: kind === 'cas' ? five() : next++ }
              : { f: 'cas', value: kind === 'cas' ? [five(), five()] : [recent(), next++] };
      open[client] = { ...call, key, type: 'ok' };
      log(time, client, 'invoke');
      at(time + random(), client, 'effect');
    } else if (step === 'effect') {
      const operation = open[client]!;
      const current = values.get(operation.key) ?? 0;
      if (operation.f === 'read') operation.value = current;
      else if (operation.f === 'write') values.set(operation.key, operation.value as number);
      else {
        const [expected, replacement] = operation.value as readonly [number, number];
        if (expected === current) values.set(operation.key, replacement);
        else operation.type = 'fail';
      }
      at(time + random(), client, 'return');
    } else {
      log(time, client, open[client]!.type);
      at(time + random() * 0.1, client, 'invoke');
    }
  }
  return { header: { sixways: 1, world: 'imported' }, events };
}

/** Targets, by kind, keys, clients and operations: seconds at most. */
const TARGETS: { readonly [row: string]: number } = {
  'unique 1 10 100000': 2,
  'unique 1 50 100000': 0.15,
  'unique 1 50 1000000': 1,
  'unique 1 20 10000': 10,
  'unique-cas 1 10 100000': 2,
  'unique-cas 1 20 10000': 10,
  'cas 1 10 100000': 2,
  'cas 1 20 10000': 10,
};

const KINDS = {
  unique: 'reads and writes of unique values',
  'unique-cas': 'reads, writes and cas of unique values',
  cas: 'reads, writes and cas over 5 values',
} as const;

/** Reads and writes of unique values at this concurrency: near-linear, so also measured at a million, with the growth. */
const GROWTH = { clients: 50, from: 10_000, to: 1_000_000 };

/** Operations of unique values on one container, at the same pace as registers. */
function containerHistory(
  model: 'fifo-queue' | 'stack' | 'set',
  operations: number,
  clients: number,
): History {
  const registers = registerHistory('unique', operations, clients, 1, 1);
  const held: number[] = [];
  const elements = new Set<number>();
  const open = new Map<number, { f: string; value: Json }>();
  // A register's history gives the times; here each operation takes effect when it completes.
  const events = registers.events.map((event): HistoryEvent => {
    const { process, type, f, value } = event as Operation;
    if (type === 'invoke') {
      const call =
        model === 'set'
          ? { f: f === 'write' ? 'add' : 'contains', value: f === 'write' ? value : process }
          : {
              f:
                f === 'write'
                  ? model === 'stack'
                    ? 'push'
                    : 'enqueue'
                  : model === 'stack'
                    ? 'pop'
                    : 'dequeue',
              value,
            };
      open.set(process, call);
      return { ...(event as Operation), ...call };
    }
    const call = open.get(process)!;
    if (f === 'write') {
      held.push(call.value as number);
      elements.add(call.value as number);
      return { ...(event as Operation), ...call };
    }
    const answer: Json =
      model === 'set'
        ? elements.has(call.value as number)
        : ((model === 'stack' ? held.pop() : held.shift()) ?? null);
    return { ...(event as Operation), ...call, value: answer };
  });
  return { ...registers, events };
}

async function container(model: 'fifo-queue' | 'stack' | 'set'): Promise<Figure> {
  const history = containerHistory(model, 100_000, GROWTH.clients);
  let validity = '';
  const figure = await duration(
    `linearizable, ${model}`,
    `100000 operations, ${GROWTH.clients} clients, 1 object, unique values, all valid`,
    5,
    () => {
      ({ validity } = linearizable.check(history, { model, empty: 'observe' }, {}));
    },
    { atMost: 1 },
  );
  return validity === 'valid' ? figure : { ...figure, name: `${figure.name} (${validity})` };
}

/** The whole table of kinds, keys, clients and operations; `unknown` rows say so in their name. */
export async function linearizableFigures(): Promise<Figure[]> {
  const figures: Figure[] = [];
  const row = async (kind: Kind, keys: number, clients: number, operations: number): Promise<number> => {
    const figure = await measured(kind, keys, clients, operations);
    figures.push(figure);
    return figure.value;
  };
  for (const kind of Object.keys(KINDS) as Kind[]) {
    for (const keys of [1, 100]) {
      for (const clients of [5, 10, 20, 50]) {
        for (const operations of [1_000, 10_000, 100_000]) {
          // Beyond what is claimed: these would take minutes and say nothing new.
          if (kind !== 'unique' && keys === 1 && clients === 50 && operations > 1_000) continue;
          await row(kind, keys, clients, operations);
        }
      }
    }
  }
  const { clients, from, to } = GROWTH;
  const [less, more] = [await row('unique', 1, clients, from), await row('unique', 1, clients, to)];
  figures.push({
    name: 'linearizable, unique, growth',
    what: `exponent of the time from ${from} to ${to} operations, ${clients} clients, 1 key`,
    value: Math.log(more / less) / Math.log(to / from),
    unit: '',
    target: { atMost: 1.15 },
  });
  for (const model of ['fifo-queue', 'stack', 'set'] as const) figures.push(await container(model));
  return figures;
}

async function measured(kind: Kind, keys: number, clients: number, operations: number): Promise<Figure> {
  const history = registerHistory(kind, operations, clients, keys, 1);
  const budget = { steps: 20_000_000, memoryBytes: 1e9 };
  let validity = '';
  const figure = await duration(
    `linearizable, ${kind}`,
    `${operations} operations, ${clients} clients, ${keys} keys, all valid: ${KINDS[kind]}`,
    kind === 'unique' || operations <= 10_000 ? 5 : 1,
    () => {
      ({ validity } = linearizable.check(history, { initial: 0, failedCas: 'observe' }, budget));
    },
    { atMost: TARGETS[`${kind} ${keys} ${clients} ${operations}`] },
  );
  return validity === 'valid' ? figure : { ...figure, name: `${figure.name} (${validity})` };
}
