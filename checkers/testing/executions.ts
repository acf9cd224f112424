import fc, { type Arbitrary } from 'fast-check';
import type { History, HistoryEvent, Json, Operation } from '../../histories/index.ts';

/** How an operation goes. Times are small integers, so that there are many ties. */
interface Step {
  readonly thread: number;
  readonly f: 'read' | 'write' | 'cas';
  readonly key: 'x' | 'y';
  /** Value written; what a cas expects. Small domains make repeated values. */
  readonly value: number;
  readonly expected: number;
  readonly gap: number;
  /** From the invocation until it takes effect, and from there to the completion. */
  readonly effect: number;
  readonly reply: number;
  /** `lost`: it does not happen and is `info`; `late`: it is `info` and may happen after that; `open`: never completed. */
  readonly fate: 'ok' | 'ok' | 'ok' | 'fail' | 'lost' | 'late' | 'open';
  readonly late: number;
}

export interface ExecutionOptions {
  readonly threads: number;
  readonly steps: number;
  /** Every write has a value of its own. */
  readonly unique: boolean;
}

/**
 * Truly linearizable executions of two registers: each operation takes effect at one moment between invocation and completion (an
 * indeterminate one at any moment after its invocation, or never). Ends with final reads of both keys by each thread.
 */
export function executions({ threads, steps, unique }: ExecutionOptions): Arbitrary<History> {
  // Two numbers a step, taken apart: several times as fast as a record, and thousands of histories are wanted.
  const step = fc
    .tuple(fc.nat(2 ** 30), fc.nat(2 ** 20))
    .map(([first, second]) => stepOf(first, second, threads));
  return fc.array(step, { minLength: 1, maxLength: steps }).map((plan) => execute(plan, threads, unique));
}

type Moment = { time: number; order: number; happen: () => void };

function execute(plan: readonly Step[], threads: number, unique: boolean): History {
  const moments: Moment[] = [];
  const events: HistoryEvent[] = [];
  const registers = new Map<string, Json>();
  const clock = new Array<number>(threads).fill(0);
  const processes = Array.from({ length: threads }, (_, thread) => thread);
  let now = 0;
  let written = 10;
  const at = (time: number, happen: () => void) => moments.push({ time, order: moments.length, happen });
  const perform = (step: Step, final: boolean) => {
    const { thread, f, key, fate } = step;
    const process = processes[thread]!;
    const began = clock[thread]! + step.gap;
    const wrote = unique ? written++ : step.value;
    const value =
      f === 'read' ? null : f === 'write' ? wrote : [unique ? 9 + step.expected * 2 : step.expected, wrote];
    const common = { process, f, key, ...(final && { phase: 'final' }) };
    const record = (event: Pick<Operation, 'type' | 'value' | 'error'>) =>
      events.push({ index: events.length, time: now, ...common, ...event });
    let result: Pick<Operation, 'type' | 'value' | 'error'> = { type: 'ok', value };
    const takeEffect = () => {
      const current = registers.get(key) ?? null;
      if (f === 'read') result = { type: 'ok', value: current };
      else if (f === 'write') registers.set(key, wrote);
      else if (current === (value as readonly Json[])[0]) registers.set(key, wrote);
      else result = { type: 'fail', value, error: 'cas-mismatch' };
    };
    at(began, () => record({ type: 'invoke', value }));
    const ended = began + step.effect + step.reply;
    clock[thread] = ended;
    if (fate === 'ok') {
      at(began + step.effect, takeEffect);
      at(ended, () => record(result));
    } else if (fate === 'fail') {
      at(ended, () => record({ type: 'fail', value, error: 'refused' }));
    } else {
      processes[thread] = Math.max(...processes) + 1;
      if (fate !== 'lost') at(began + step.effect + step.late, takeEffect);
      if (fate !== 'open') at(ended, () => record({ type: 'info', value, error: 'timeout' }));
    }
  };
  for (const step of plan) perform(step, false);
  const end = Math.max(...clock);
  clock.fill(end);
  for (let thread = 0; thread < threads; thread++) {
    for (const key of ['x', 'y'] as const) {
      perform(
        { thread, f: 'read', key, value: 0, expected: 0, gap: 1, effect: 1, reply: 1, fate: 'ok', late: 0 },
        true,
      );
    }
  }
  moments.sort((a, b) => a.time - b.time || a.order - b.order);
  for (const { time, happen } of moments) {
    now = time;
    happen();
  }
  return { header: { sixways: 1, world: 'simulator' }, events };
}

const KINDS = ['read', 'write', 'write', 'cas'] as const;
const FATES = ['ok', 'ok', 'ok', 'fail', 'lost', 'late', 'open'] as const;

function stepOf(first: number, second: number, threads: number): Step {
  let rest = first;
  const draw = (below: number): number => {
    const drawn = rest % below;
    rest = Math.floor(rest / below);
    return drawn;
  };
  const what = {
    f: KINDS[draw(KINDS.length)]!,
    thread: draw(threads),
    key: (['x', 'x', 'y'] as const)[draw(3)]!,
    fate: FATES[draw(FATES.length)]!,
    value: draw(4),
    expected: draw(4),
  };
  rest = second;
  return { ...what, gap: draw(7), effect: draw(7), reply: draw(7), late: draw(61) };
}

/** Executions spoilt: some reads return something else, and at the end an old state of a key may be back. They may be impossible. */
export function spoiled(history: Arbitrary<History>): Arbitrary<History> {
  const changes = fc.record({
    reads: fc.array(fc.record({ nth: fc.nat({ max: 30 }), value: fc.nat({ max: 30 }) }), { maxLength: 4 }),
    rollback: fc.option(fc.record({ key: fc.constantFrom('x', 'y'), nth: fc.nat({ max: 5 }) })),
  });
  return fc.tuple(history, changes).map(([{ header, events }, { reads, rollback }]) => {
    const spoilt = [...events] as Operation[];
    const answered = spoilt.filter(({ type, f }) => type === 'ok' && f === 'read');
    // Nothing, what nobody writes, and what anybody ever tries to write to any key.
    const values: Json[] = [null, 7, ...spoilt.flatMap(attempted)];
    for (const { nth, value } of reads) {
      const read = answered[nth % Math.max(1, answered.length)];
      if (read !== undefined) spoilt[read.index] = { ...read, value: values[value % values.length] ?? null };
    }
    if (rollback !== null) {
      const states = [
        null,
        ...spoilt.flatMap(({ type, f, key, value }) =>
          type === 'ok' && f === 'write' && key === rollback.key ? [value] : [],
        ),
      ];
      const value = states[rollback.nth % states.length] ?? null;
      for (const read of answered) {
        if (read.phase === 'final' && read.key === rollback.key) spoilt[read.index] = { ...read, value };
      }
    }
    return { header, events: spoilt };
  });
}

function attempted({ type, f, value }: Operation): Json[] {
  if (type !== 'invoke' || f === 'read') return [];
  return [f === 'cas' ? ((value as readonly Json[])[1] ?? null) : value];
}
