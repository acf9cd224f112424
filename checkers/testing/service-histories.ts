import fc, { type Arbitrary } from 'fast-check';
import type { History, HistoryEvent } from '../../histories/index.ts';

const MILLISECOND = 1e6;

export type Draft = { readonly time: number; readonly event: object };

type Outcome = 'ok' | 'mismatch' | 'refused' | 'info' | 'open';

/** Takes choices out of a single number: an array of numbers is drawn much faster than an array of records. */
export class Choices {
  private rest: number;

  constructor(number: number) {
    this.rest = number;
  }

  take<T>(...options: readonly T[]): T {
    const nth = this.rest % options.length;
    this.rest = Math.floor(this.rest / options.length);
    return options[nth]!;
  }
}

const COMBINATIONS = 3 * 3 * 3 * 3 * 6 * 7 * 8;

/** Who, what, on which key, answered by whom, how long after the one before, how long, and how it ends. */
function operationOf(number: number) {
  const choices = new Choices(number);
  return {
    thread: choices.take(0, 1, 2),
    f: choices.take('read', 'write', 'cas'),
    key: choices.take('x', 'y', 'z1'),
    node: choices.take('n1', 'n2', undefined),
    gap: choices.take(0, 0, 1, 2, 5, 20),
    length: choices.take(0, 1, 1, 2, 3, 8, 30),
    outcome: choices.take<Outcome>('ok', 'ok', 'ok', 'ok', 'mismatch', 'refused', 'info', 'open'),
  };
}

const fault = fc.record({
  kind: fc.constantFrom('pause', 'crash'),
  at: fc.nat({ max: 60 }),
  length: fc.option(fc.nat({ max: 30 })),
  outcome: fc.constantFrom('bit', 'masked', 'no-effect', undefined),
});

const phases = fc.record({
  warmUp: fc.nat({ max: 10 }),
  faults: fc.nat({ max: 50 }),
  rest: fc.nat({ max: 30 }),
});

/** Small runs as a client sees them: three threads, faults that overlap, with or without phases, many events at the same moment. */
export const serviceHistories: Arbitrary<History> = fc
  .record({
    operations: fc.array(fc.nat({ max: COMBINATIONS - 1 }), { maxLength: 9, size: 'max' }),
    faults: fc.array(fault, { maxLength: 2 }),
    phases: fc.option(phases, { freq: 2 }),
  })
  .map(({ operations, faults, phases }) => {
    const drafts: Draft[] = [];
    if (phases !== null) {
      const { warmUp, faults: under, rest } = phases;
      const at = (name: string, time: number) => drafts.push({ time, event: phase(name) });
      at('warm-up', 0);
      at('faults', warmUp);
      at('heal', warmUp + under);
      at('recovery', warmUp + under);
      at('end', warmUp + under + rest);
    }
    faults.forEach((one, nth) => {
      drafts.push(...faultDrafts(one, nth));
    });
    const clock = [0, 0, 0];
    const processes = [0, 1, 2];
    for (const number of operations) {
      const { thread, f, key, node, gap, length, outcome } = operationOf(number);
      const began = clock[thread]! + gap;
      const process = processes[thread]!;
      const common = { process, f, key, value: null };
      drafts.push({ time: began, event: { ...common, type: 'invoke' } });
      clock[thread] = began + length;
      if (outcome === 'info' || outcome === 'open') processes[thread] = Math.max(...processes) + 1;
      if (outcome === 'open') continue;
      const event = { ...common, ...(node !== undefined && { node }), ...resultOf(outcome) };
      drafts.push({ time: began + length, event });
    }
    return historyOf(drafts);
  });

function phase(name: string): object {
  return { process: 'controller', type: 'info', f: 'phase', value: { name } };
}

function faultDrafts(
  { kind, at, length, outcome }: typeof fault extends Arbitrary<infer T> ? T : never,
  nth: number,
): Draft[] {
  const evidence = outcome === undefined ? {} : { evidence: { outcome, figures: {} } };
  const draft = (time: number, value: object): Draft => ({
    time,
    event: { process: 'nemesis', type: 'info', f: kind, value: { fault: nth, targets: ['n1'], ...value } },
  });
  return length === null
    ? [draft(at, { action: 'apply', ...evidence })]
    : [draft(at, { action: 'apply' }), draft(at + length, { action: 'heal', ...evidence })];
}

function resultOf(outcome: Exclude<Outcome, 'open'>): object {
  if (outcome === 'ok') return { type: 'ok' };
  if (outcome === 'info') return { type: 'info', error: 'timeout' };
  return { type: 'fail', error: outcome === 'mismatch' ? 'cas-mismatch' : 'refused' };
}

/** In the order of time; what happens at the same moment in the order given. */
export function historyOf(drafts: readonly Draft[]): History {
  const events = drafts
    .map((draft, order) => ({ ...draft, order }))
    .sort((a, b) => a.time - b.time || a.order - b.order)
    .map(({ time, event }, index) => ({ index, time: time * MILLISECOND, ...event }) as HistoryEvent);
  return { header: { sixways: 1, world: 'simulator' }, events };
}

/** The same history with every event changed, for metamorphic properties. */
export function mapEvents(history: History, change: (event: HistoryEvent) => HistoryEvent): History {
  return { ...history, events: history.events.map(change) };
}
