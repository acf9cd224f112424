import fc, { type Arbitrary } from 'fast-check';
import {
  type History,
  type HistoryEvent,
  type Json,
  type Operation,
  operationPairs,
} from '../../histories/index.ts';

/** An operation to be called, on a thread. */
export interface ObjectCall {
  readonly f: string;
  readonly key?: string | number;
  readonly value: Json;
}

/** A sequential object: what an operation makes of a state, and what it returns; `fail` if it refuses and changes nothing. */
export type ObjectModel<State> = (
  state: State,
  call: ObjectCall,
  thread: number,
  process: number,
) => { readonly state: State; readonly value: Json } | 'fail';

/** How a call goes: gaps in arbitrary units, so that calls overlap and tie. */
interface Step {
  readonly call: ObjectCall;
  readonly thread: number;
  readonly gap: number;
  readonly effect: number;
  readonly reply: number;
  readonly fate: (typeof FATES)[number];
  readonly late: number;
}

export interface ObjectOptions<State> {
  /** The call that a number below 2^30 stands for. */
  readonly calls: (draw: number) => ObjectCall;
  readonly initial: State;
  readonly model: ObjectModel<State>;
  readonly threads: number;
  readonly steps: number;
  /** Longest part of an operation, in units; gaps between those of a thread have up to 6. */
  readonly span?: number;
  /** Operations that end each history, one after the other, all acknowledged, in the phase `final`. */
  readonly last?: readonly ObjectCall[];
}

/**
 * Truly linearizable executions of a sequential object: each operation takes effect at one moment between invocation and completion (an
 * indeterminate one at any moment after its invocation, or never). Operations carry the thread's number as `id`.
 */
export function objectExecutions<State>(options: ObjectOptions<State>): Arbitrary<History> {
  // One number for the call and one for how it goes: drawing is what most of the time of such a test goes into.
  const draws = fc.array(fc.tuple(fc.nat(2 ** 30 - 1), fc.nat(2 ** 30 - 1)), {
    minLength: 1,
    maxLength: options.steps,
  });
  const span = options.span ?? 6;
  return draws.map((drawn) => {
    const steps = drawn.map(([what, how]): Step => {
      let rest = how;
      const digit = (base: number) => {
        const value = rest % base;
        rest = Math.floor(rest / base);
        return value;
      };
      return {
        call: options.calls(what),
        thread: digit(options.threads),
        fate: FATES[digit(FATES.length)]!,
        gap: digit(7),
        effect: digit(span + 1),
        reply: digit(span + 1),
        late: digit(40),
      };
    });
    return execute(steps, options);
  });
}

const FATES = ['ok', 'ok', 'ok', 'ok', 'fail', 'lost', 'late', 'open'] as const;

function execute<State>(
  steps: readonly Step[],
  { initial, model, threads, last = [] }: ObjectOptions<State>,
): History {
  const moments: { time: number; order: number; happen: () => void }[] = [];
  const events: HistoryEvent[] = [];
  const clock = new Array<number>(threads).fill(0);
  const processes = Array.from({ length: threads }, (_, thread) => thread);
  const nths = new Array<number>(threads).fill(0);
  let fresh = threads;
  let state = initial;
  let now = 0;
  const at = (time: number, happen: () => void) => moments.push({ time, order: moments.length, happen });
  const perform = ({ call, thread, gap, effect, reply, fate, late }: Step, final: boolean) => {
    const process = processes[thread]!;
    const began = clock[thread]! + gap;
    const ended = began + effect + reply;
    clock[thread] = ended;
    const { f, key, value } = call;
    const id = [thread, nths[thread]!++] as const;
    const common = { process, f, ...(key !== undefined && { key }), id, ...(final && { phase: 'final' }) };
    const record = (event: Pick<Operation, 'type' | 'value' | 'error'>) =>
      events.push({ index: events.length, time: now, ...common, ...event });
    let result: Pick<Operation, 'type' | 'value' | 'error'> = { type: 'ok', value };
    const takeEffect = () => {
      const next = model(state, call, thread, process);
      if (next === 'fail') {
        result = { type: 'fail', value, error: 'refused' };
        return;
      }
      state = next.state;
      result = { type: 'ok', value: next.value };
    };
    at(began, () => record({ type: 'invoke', value }));
    if (fate === 'ok') {
      at(began + effect, takeEffect);
      at(ended, () => record(result));
    } else if (fate === 'fail') {
      at(ended, () => record({ type: 'fail', value, error: 'down' }));
    } else {
      processes[thread] = fresh++;
      if (fate !== 'lost') at(began + effect + late, takeEffect);
      if (fate !== 'open') at(ended, () => record({ type: 'info', value, error: 'timeout' }));
    }
  };
  for (const step of steps) perform(step, false);
  clock.fill(Math.max(...clock));
  for (const call of last) {
    perform({ call, thread: 0, gap: 1, effect: 1, reply: 1, fate: 'ok', late: 0 }, true);
  }
  moments.sort((a, b) => a.time - b.time || a.order - b.order);
  for (const moment of moments) {
    now = moment.time;
    moment.happen();
  }
  return { header: { sixways: 1, world: 'simulator' }, events };
}

/** Histories with up to `most` of their acknowledged results replaced: by what `change` makes of one. Often impossible then. */
export function withChanges(
  histories: Arbitrary<History>,
  most: number,
  change: (event: Operation, draw: number, history: History) => Json | undefined,
): Arbitrary<History> {
  const changes = fc.array(fc.record({ nth: fc.nat({ max: 1000 }), draw: fc.nat({ max: 1000 }) }), {
    maxLength: most,
  });
  return fc.tuple(histories, changes).map(([history, drawn]) => {
    const events = [...history.events];
    for (const { nth, draw } of drawn) {
      const acknowledged = events.filter(
        (event): event is Operation =>
          event.type === 'ok' && change(event as Operation, draw, history) !== undefined,
      );
      const event = acknowledged[nth % Math.max(1, acknowledged.length)];
      if (event === undefined) continue;
      events[event.index] = { ...event, value: change(event, draw, history)! };
    }
    return { ...history, events };
  });
}

/**
 * The definition of linearizability, tried in every order. `apply` gives the states that may follow if the pair takes effect now. Failed operations did not
 * happen; those that are indeterminate may. For two dozen operations at most.
 */
export function isLinearizableObject<State extends Json>(
  history: History,
  initial: State,
  apply: (
    state: State,
    call: ObjectCall & Pick<Operation, 'id'>,
    result: Json | undefined,
  ) => readonly State[],
): boolean {
  const pairs = operationPairs(history.events).filter(({ completion }) => completion?.type !== 'fail');
  let certain = 0;
  pairs.forEach(({ completion }, i) => {
    if (completion?.type === 'ok') certain |= 1 << i;
  });
  const seen = new Set<string>();
  const stack: { done: number; state: State }[] = [{ done: 0, state: initial }];
  while (stack.length > 0) {
    const { done, state } = stack.pop()!;
    if ((done & certain) === certain) return true;
    const id = `${done} ${JSON.stringify(state)}`;
    if (seen.has(id)) continue;
    seen.add(id);
    let deadline = Number.POSITIVE_INFINITY;
    pairs.forEach(({ completion }, i) => {
      if (!(done & (1 << i)) && completion?.type === 'ok') deadline = Math.min(deadline, completion.index);
    });
    pairs.forEach(({ invocation, completion }, i) => {
      if (done & (1 << i) || invocation.index > deadline) return;
      const result = completion?.type === 'ok' ? completion.value : undefined;
      for (const next of apply(state, invocation, result)) stack.push({ done: done | (1 << i), state: next });
    });
  }
  return false;
}
