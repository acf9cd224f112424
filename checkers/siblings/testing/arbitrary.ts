import fc, { type Arbitrary } from 'fast-check';
import type { History, HistoryEvent, Json, Operation } from '../../../histories/index.ts';
import { withChanges } from '../../testing/objects.ts';

const THREADS = 3;
const FATES = ['ok', 'ok', 'ok', 'ok', 'info', 'open', 'fail'] as const;

interface Open {
  readonly f: 'get' | 'put';
  readonly argument: Json;
  readonly takeEffect: () => Json;
  readonly early: boolean;
  result: Json | undefined;
}

/** What one copy answers: operations of some threads on one key, each at one moment between invocation and completion; indeterminate puts then, later or never. */
const ofOneCopy: Arbitrary<History> = fc
  .array(fc.nat(2 ** 20 - 1), { minLength: 2, maxLength: 16 })
  .map((draws) => {
    const events: HistoryEvent[] = [];
    const versions = new Map<number, readonly number[]>();
    const waiting: (() => Json)[] = [];
    const open = new Map<number, Open>();
    const shown = new Map<number, readonly number[]>();
    const processes = Array.from({ length: THREADS }, (_, thread) => thread);
    let fresh = THREADS;
    let value = 0;

    const live = () => {
      const superseded = new Set<number>();
      const visit = (version: number): void => {
        for (const seen of versions.get(version) ?? []) {
          superseded.add(seen);
          visit(seen);
        }
      };
      for (const version of versions.keys()) visit(version);
      return [...versions.keys()].filter((version) => !superseded.has(version));
    };
    const record = (thread: number, event: Pick<Operation, 'type' | 'f' | 'value'>, final = false) =>
      events.push({
        index: events.length,
        time: 1000 * events.length,
        process: processes[thread]!,
        key: 'x',
        ...event,
        ...(final && { phase: 'final' }),
      });
    const begin = (thread: number, isGet: boolean, early: boolean, blind: boolean): void => {
      const seen = blind ? [] : (shown.get(thread) ?? []);
      const version = ++value;
      const argument = isGet ? null : [version, seen];
      const takeEffect = () => {
        if (isGet) return live();
        versions.set(version, seen);
        return argument;
      };
      if (!isGet) shown.delete(thread);
      record(thread, { type: 'invoke', f: isGet ? 'get' : 'put', value: argument });
      open.set(thread, { f: isGet ? 'get' : 'put', argument, takeEffect, early, result: undefined });
    };
    const end = (thread: number, fate: (typeof FATES)[number], late: boolean): void => {
      const { f, argument, takeEffect, early, result } = open.get(thread)!;
      open.delete(thread);
      if (fate === 'ok') {
        const answer = result ?? takeEffect();
        if (f === 'get') shown.set(thread, answer as readonly number[]);
        record(thread, { type: 'ok', f, value: answer });
      } else if (fate === 'fail' && !early) record(thread, { type: 'fail', f, value: argument });
      else {
        if (late && result === undefined) waiting.push(takeEffect);
        if (fate !== 'open') record(thread, { type: 'info', f, value: argument });
        processes[thread] = fresh++;
        shown.delete(thread);
      }
    };

    for (const draw of draws) {
      const thread = draw % THREADS;
      const bit = (n: number) => ((draw >> n) & 1) === 1;
      if (!open.has(thread)) begin(thread, bit(3), bit(4), bit(5) && bit(6));
      else end(thread, FATES[(draw >> 7) % FATES.length]!, bit(11));
      for (const each of open.values()) if (each.early) each.result ??= each.takeEffect();
      if (bit(12)) waiting.shift()?.();
    }
    for (const thread of [...open.keys()]) end(thread, 'ok', false);
    for (const late of [true, false]) {
      record(0, { type: 'invoke', f: 'get', value: null }, true);
      if (late) waiting.shift()?.();
      record(0, { type: 'ok', f: 'get', value: live() }, true);
    }
    return { header: { sixways: 1, world: 'simulator' }, events };
  });

/** Some with a value more or less in what a get shows. */
export const siblingsHistories: Arbitrary<History> = withChanges(ofOneCopy, 2, ({ f, value }, draw) => {
  if (f !== 'get') return undefined;
  const list = value as readonly number[];
  const one = draw % 6;
  return list.includes(one) ? list.filter((item) => item !== one) : [...list, one];
});
