import fc from 'fast-check';
import type { History, HistoryEvent, Json, Operation } from '../../../histories/index.ts';

interface Step {
  readonly thread: number;
  readonly f: 'read' | 'write' | 'cas' | 'deliver';
  readonly key: string;
  readonly value: number;
  readonly outcome: 'ok' | 'fail' | 'lost' | 'late' | 'open';
  /** Whether it completes only when the thread goes on, or at the end. */
  readonly held: boolean;
  readonly from: number;
}

interface Shape {
  readonly threads: number;
  readonly steps: number;
  /** Every write has a value of its own; otherwise values are 0 (the initial one) to 2. */
  readonly unique: boolean;
  /** Reads whose answers are replaced, at most. */
  readonly mutations: number;
  /** The first operations count, the others are left out: keeps brute force possible. */
  readonly writes: number;
}

/**
 * Executions of a causally consistent store: each thread has a replica of its own, which gets the writes of the others in causal order; the last
 * writer by Lamport time wins. So without mutations they are CCv. Indeterminate writes happened (`late`) or not (`lost`), and the
 * client goes on under a new process.
 */
export function replicatedHistories(shape: Shape): fc.Arbitrary<History> {
  // Numbers, taken apart below: three times as fast as records.
  const numbers = (least: number, most: number) =>
    fc.array(fc.nat(2 ** 30), { minLength: least, maxLength: most });
  return fc
    .tuple(numbers(Math.ceil(shape.steps / 2), shape.steps), numbers(0, shape.mutations))
    .map(([steps, changes]) =>
      mutate(
        execute(
          steps.map((n) => stepOf(n, shape.threads)),
          shape,
        ),
        changes,
      ),
    );
}

const KINDS = [
  'read',
  'read',
  'read',
  'write',
  'write',
  'write',
  'cas',
  'deliver',
  'deliver',
  'deliver',
] as const;
const OUTCOMES = [
  'ok',
  'ok',
  'ok',
  'ok',
  'ok',
  'ok',
  'ok',
  'ok',
  'ok',
  'late',
  'lost',
  'open',
  'fail',
] as const;

function stepOf(number: number, threads: number): Step {
  let rest = number;
  const draw = (below: number): number => {
    const drawn = rest % below;
    rest = Math.floor(rest / below);
    return drawn;
  };
  return {
    f: KINDS[draw(KINDS.length)]!,
    thread: draw(threads),
    key: ['x', 'x', 'y'][draw(3)]!,
    outcome: OUTCOMES[draw(OUTCOMES.length)]!,
    from: draw(threads),
    value: draw(3),
    held: draw(2) === 1,
  };
}

interface Update {
  readonly key: string;
  readonly value: number;
  readonly time: number;
  readonly origin: number;
  /** How many updates of each origin its replica had when it was made. */
  readonly after: readonly number[];
}

function execute(steps: readonly Step[], { threads, unique, writes: most }: Shape): HistoryEvent[] {
  const events: Operation[] = [];
  const replicas = Array.from({ length: threads }, () => ({
    state: new Map<string, Update>(),
    applied: new Array<number>(threads).fill(0),
    time: 0,
  }));
  const log: Update[][] = Array.from({ length: threads }, () => []);
  const pending: (Operation | undefined)[] = new Array(threads).fill(undefined);
  const processes = Array.from({ length: threads }, (_, thread) => thread);
  const nth = new Array<number>(threads).fill(0);
  let written = 0;
  const apply = (thread: number, update: Update): void => {
    const replica = replicas[thread]!;
    const current = replica.state.get(update.key);
    replica.applied[update.origin]!++;
    replica.time = Math.max(replica.time, update.time);
    if (
      current === undefined ||
      current.time < update.time ||
      (current.time === update.time && current.origin < update.origin)
    ) {
      replica.state.set(update.key, update);
    }
  };
  const record = (event: Operation): void => {
    events.push({ ...event, index: events.length, time: events.length });
  };
  const finish = (thread: number): void => {
    const completion = pending[thread];
    if (completion !== undefined) record(completion);
    pending[thread] = undefined;
  };
  for (const { thread, f, key, value, outcome, held, from } of steps) {
    const replica = replicas[thread]!;
    if (f === 'deliver') {
      const update = log[from]![replica.applied[from]!];
      const ready = update?.after.every((count, origin) => replica.applied[origin]! >= count);
      if (from !== thread && update !== undefined && ready === true) apply(thread, update);
      continue;
    }
    if (f !== 'read' && written >= most) continue;
    finish(thread);
    const current = replica.state.get(key)?.value ?? 0;
    const wrote = unique ? written + 1 : value;
    if (f !== 'read') written++;
    const argument: Json = f === 'read' ? null : f === 'write' ? wrote : [current, wrote];
    const common = {
      index: 0,
      time: 0,
      process: processes[thread]!,
      f,
      key,
      id: [thread, nth[thread]!++] as const,
    };
    record({ ...common, type: 'invoke', value: argument });
    if (f !== 'read' && (outcome === 'ok' || outcome === 'late')) {
      const after = [...replica.applied];
      const update = { key, value: wrote, time: ++replica.time, origin: thread, after };
      log[thread]!.push(update);
      apply(thread, update);
    }
    const type = outcome === 'ok' || outcome === 'fail' ? outcome : 'info';
    const completion: Operation = {
      ...common,
      type,
      value: f === 'read' && type === 'ok' ? current : argument,
    };
    if (type === 'info') processes[thread] = Math.max(...processes) + 1;
    if (type === 'info' && outcome === 'open') continue;
    if (held && type !== 'info') pending[thread] = completion;
    else record(completion);
  }
  for (let thread = 0; thread < threads; thread++) finish(thread);
  return events;
}

/** Reads made to return something else: nearly always what was written to the key before, or the initial value. */
function mutate(events: readonly HistoryEvent[], changes: readonly number[]): History {
  const mutated = [...events] as Operation[];
  const reads = mutated.filter(({ type, f }) => type === 'ok' && f === 'read');
  for (const change of changes) {
    const read = reads[change % Math.max(1, reads.length)];
    if (read === undefined) continue;
    const pick = Math.floor(change / 64);
    const values: Json[] = [0];
    for (const { type, f, key, value, index } of mutated) {
      if (type !== 'invoke' || f === 'read' || key !== read.key) continue;
      if (index < read.index || pick % 31 === 0)
        values.push(f === 'write' ? value : (value as readonly Json[])[1]!);
    }
    mutated[read.index] = { ...read, value: pick % 97 === 0 ? 77 : values[pick % values.length]! };
  }
  return { header: { sixways: 1, world: 'simulator' }, events: mutated };
}
