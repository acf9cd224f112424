import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type History,
  HistoryReader,
  HistoryRecorder,
  isOperation,
  type Json,
  openAnyHistory,
} from '../histories/index.ts';
import { temporaryFile } from '../histories/testing/temporary.ts';
import {
  assertions,
  type Checker,
  check,
  checkStream,
  compose,
  type EventSource,
  evidence,
  leaderElection,
  linearizable,
  only,
  SelectionError,
  stats,
  uniqueIds,
} from './index.ts';
import { comparisons } from './testing/comparisons.ts';
import { run } from './testing/run.ts';
import { Choices, type Draft, historyOf } from './testing/service-histories.ts';

const STREAMING: readonly Checker<never>[] = [stats, uniqueIds, assertions, evidence, leaderElection];

const COMBINATIONS = 12 * 3 * 4 * 4 * 2 * 4 * 2;

/** Clients that generate ids, are elected and write; hosts that lead and complain; faults of a schedule. Up to three operations are open. */
const mixedHistories: Arbitrary<History> = fc
  .array(fc.nat({ max: COMBINATIONS - 1 }), { maxLength: 40, size: 'max' })
  .map((numbers) => {
    const drafts: Draft[] = [];
    const open = new Map<number, object>();
    const processes = [0, 1, 2];
    for (const [time, number] of numbers.entries()) {
      const choices = new Choices(number);
      const kind = choices.take(
        'op',
        'op',
        'op',
        'op',
        'op',
        'op',
        'op',
        'note',
        'always',
        'uncaught',
        'sometimes',
        'fault',
      );
      const thread = choices.take(0, 1, 2);
      const value = choices.take<Json>(1, 2, 3, 'a');
      const f = choices.take('generate', 'generate', 'elect', 'write');
      const key = choices.take('x', undefined);
      const type = choices.take('ok', 'ok', 'fail', 'info');
      const withId = choices.take(true, false);
      const host = `n${thread}`;
      const put = (event: object): void => {
        drafts.push({ time, event });
      };
      if (kind === 'note') {
        put({ type: kind, host, kind: 'leader', data: { term: value } });
      } else if (kind === 'fault') {
        const outcome = { outcome: type === 'ok' ? 'bit' : 'no-effect', figures: {} };
        const action = f === 'write' ? 'heal' : 'apply';
        const fault = { fault: thread, action, targets: [host], evidence: outcome };
        put({ process: 'nemesis', type: 'info', f: 'pause', value: fault });
      } else if (kind !== 'op') {
        put({ type: kind, host, kind: `no ${f}`, data: value });
      } else {
        const process = processes[thread]!;
        const begun = open.get(thread);
        if (begun === undefined) {
          const id = withId && { id: [thread, time] };
          const call = { process, f, ...(key !== undefined && { key }), ...id };
          open.set(thread, call);
          put({ ...call, type: 'invoke', value: f === 'write' ? value : null });
        } else {
          open.delete(thread);
          if (type === 'info') processes[thread] = Math.max(...processes) + 1;
          put({ ...begun, type, value });
        }
      }
    }
    const schedule: Json = [{ fault: 'pause', mustBite: numbers.length % 2 === 0 }, { fault: 'pause' }];
    const { events } = historyOf(drafts);
    return { header: { sixways: 1, world: 'simulator', plan: { schedule } }, events };
  });

/** The events in groups of that size; one by one for 0. */
function sourceOf({ events, ...frame }: History, size: number): EventSource {
  return {
    ...frame,
    async *[Symbol.asyncIterator]() {
      yield* events;
    },
    ...(size > 0 && {
      async *batches() {
        for (let at = 0; at < events.length; at += size) yield events.slice(at, at + size);
      },
    }),
  };
}

describe('checkStream', () => {
  it('says what check says, whatever the groups, over 20,000 verdicts', async () => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(mixedHistories, fc.nat({ max: 3 }), async (history, size) => {
        for (const checker of STREAMING) {
          const { collecting, ...streamed } = await checkStream(sourceOf(history, size), checker);
          const whole = check(history, checker);
          if (JSON.stringify(streamed) !== JSON.stringify(whole)) expect(streamed).toEqual(whole);
          if (collecting.length > 0) expect(collecting).toEqual([]);
          const verdict = `${checker.name} ${whole.validity}`;
          seen.set(verdict, (seen.get(verdict) ?? 0) + 1);
        }
      }),
      { numRuns: comparisons('streams: stats, unique-ids, leader-election, assertions, evidence') },
    );
    const least = Object.fromEntries([...seen].map(([verdict, count]) => [verdict, count > 150]));
    expect(least).toEqual({
      'stats valid': true,
      'stats unknown': true,
      'unique-ids valid': true,
      'unique-ids invalid': true,
      'unique-ids unknown': true,
      'assertions valid': true,
      'assertions invalid': true,
      'evidence valid': true,
      'evidence unknown': true,
      'leader-election valid': true,
      'leader-election invalid': true,
      'leader-election unknown': true,
    });
  });

  it('collects the events, once, for the checkers that cannot stream, and names these', async () => {
    const together = compose({
      ids: uniqueIds,
      order: linearizable,
      late: only(stats, { from: 5e6 }),
      inner: compose({ order: linearizable }),
    });
    await fc.assert(
      fc.asyncProperty(mixedHistories, async (history) => {
        const writes = {
          ...history,
          events: history.events.filter((one) => !isOperation(one) || one.f !== 'elect'),
        };
        const options = { order: { model: 'register' }, inner: { order: { model: 'register' } } } as const;
        const events = writes.events
          .map((event) => (isOperation(event) && event.f === 'generate' ? { ...event, f: 'read' } : event))
          .map((event, index) => ({ ...event, index }));
        const { collecting, ...streamed } = await checkStream(
          sourceOf({ ...history, events }, 2),
          together,
          options,
        );
        expect(streamed).toEqual(check({ ...history, events }, together, options));
        expect(collecting).toEqual(['compose/order', 'compose/late', 'compose/inner/order']);
      }),
      { numRuns: 300 },
    );
  });

  const text = '0 generate =7 0..1\n1 generate =7 2..3\n always n1 4 "one leader"';

  it('reads a file of ours, its footer included', async () => {
    const recorder = new HistoryRecorder(
      { sixways: 1, world: 'simulator', plan: { schedule: [] } },
      { bytes: true },
    );
    for (const event of run(text).events) recorder.append(event);
    recorder.finish({ ended: 'hang' });
    const file = temporaryFile('ids.jsonl', recorder.bytes().toString());
    const all = compose({ uniqueIds, evidence, assertions });
    const verdict = await checkStream(await HistoryReader.open(file), all);
    expect(verdict).toEqual({ ...check(recorder.history(), all), collecting: [] });
    expect(verdict.anomalies.map(({ checker, name }) => [checker, name])).toEqual([
      ['assertions', 'assertion'],
      ['uniqueIds', 'duplicate-id'],
    ]);
    expect(verdict.figures.evidence).toMatchObject({ reason: 'the run did not reach its end: hang' });
  });

  it('reads files of others', async () => {
    const edn = [0, 1, 2].flatMap((n) =>
      ['invoke', 'ok'].map(
        (type) => `{:process ${n}, :type :${type}, :f :generate, :value ${type === 'ok' ? n % 2 : 'nil'}}`,
      ),
    );
    const source = await openAnyHistory(temporaryFile('ids.edn', edn.join('\n')));
    expect(await checkStream(source, uniqueIds)).toMatchObject({
      validity: 'invalid',
      anomalies: [{ name: 'duplicate-id', operations: [0, 1, 4, 5], data: { id: 0, count: 2 } }],
      collecting: [],
    });
  });

  it('ends when time is over: unknown, naming the bound', async () => {
    const many = run(
      Array.from({ length: 2500 }, (_, n) => `0 generate =${n} ${2 * n}..${2 * n + 1}`).join('\n'),
    );
    const budget = { seconds: 3, expired: () => true };
    expect(await checkStream(sourceOf(many, 100), uniqueIds, {}, budget)).toEqual({
      checker: 'unique-ids',
      validity: 'unknown',
      reason: 'the bound of 3 s was reached after 4100 events, while the history was read',
      anomalies: [],
      figures: { events: 4100 },
      collecting: [],
    });
  });

  it('refuses options and operations as check does', async () => {
    const history = run(text);
    await expect(checkStream(sourceOf(history, 0), stats, { ignored: ['x'] } as never)).rejects.toThrow(
      SelectionError,
    );
    const orphan = { ...history, events: history.events.slice(1) };
    await expect(checkStream(sourceOf(orphan, 0), uniqueIds)).rejects.toThrow(
      'operation 1: process 0 completes (ok) what it has not invoked',
    );
  });
});
