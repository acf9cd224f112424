import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type History,
  isNemesis,
  isObservation,
  isOperation,
  isPhase,
  type Json,
  type Validity,
} from '../../histories/index.ts';
import { comparisons } from '../testing/comparisons.ts';
import { Choices, historyOf, mapEvents, serviceHistories } from '../testing/service-histories.ts';
import { assertions } from './assertions.ts';
import { availability } from './availability.ts';
import { evidence } from './evidence.ts';
import { asked } from './sla/testing/naive.ts';
import { stats } from './stats.ts';

/** Compares cheaply, and says everything if it differs. */
function same(actual: Json | undefined, wanted: Json | undefined): void {
  if (JSON.stringify(actual) !== JSON.stringify(wanted)) expect(actual).toEqual(wanted);
}

function counter() {
  const seen: { [validity in Validity]: number } = { valid: 0, invalid: 0, unknown: 0 };
  return seen;
}

const six = (figure: number) => Math.round(figure * 1e6) / 1e6;

describe(`recomputed from the definitions, over small histories`, () => {
  it('stats', () => {
    const seen = counter();
    fc.assert(
      fc.property(serviceHistories, (history) => {
        const { validity, figures } = stats.check(history, {}, {});
        seen[validity]++;
        const operations = history.events.filter(isOperation);
        const kinds = [...new Set(operations.map(({ f }) => f))].sort();
        const count = (f: string, type: string) =>
          operations.filter((event) => event.f === f && event.type === type).length;
        const byF = figures.byF as { [f: string]: { [name: string]: Json } };
        same(Object.keys(byF), kinds);
        for (const f of kinds) {
          const invoked = count(f, 'invoke');
          const ended = ['ok', 'fail', 'info'].map((type) => count(f, type));
          const open = invoked - ended.reduce((sum, one) => sum + one, 0);
          const { latency: _, ...counts } = byF[f]!;
          const [ok, fail, info] = ended;
          same(counts, { invoked, ok, fail, info, open, okShare: six(ok! / invoked) } as Json);
        }
        const never = kinds.filter((f) => count(f, 'ok') === 0);
        const wanted = kinds.length === 0 || never.length > 0 ? 'unknown' : 'valid';
        if (validity !== wanted) expect(validity).toBe(wanted);
      }),
      { numRuns: comparisons('stats') },
    );
    expect(Math.min(seen.valid, seen.unknown)).toBeGreaterThan(1000);
  });

  it('availability', () => {
    const seen = counter();
    const options = fc.record({
      availability: fc.constantFrom(0.3, 0.6, 0.9),
      deadline: fc.constantFrom(2e6, 1e9),
      recoveryWithin: fc.constantFrom(5e6, 40e6),
    });
    fc.assert(
      fc.property(serviceHistories, options, (history, bounds) => {
        const { validity, anomalies } = availability.check(history, bounds, {});
        seen[validity]++;
        const at = (name: string) =>
          history.events.find((event) => isPhase(event) && (event.value as { name: string }).name === name);
        const positions = history.events
          .filter((event) => isOperation(event) && event.type === 'invoke')
          .map(({ index }) => index);
        const operations = asked(history).map((one, nth) => ({ ...one, index: positions[nth]! }));
        const [faults, heal, recovery, end] = ['faults', 'heal', 'recovery', 'end'].map(at);
        const concerned = operations.filter(
          ({ index }) => faults === undefined || (index > faults.index && index < heal!.index),
        );
        const found: string[] = [];
        let open = concerned.length === 0;
        const share = concerned.filter(({ took }) => took <= bounds.deadline).length / concerned.length;
        if (share < bounds.availability) found.push('unavailable');
        if (recovery !== undefined) {
          const since = operations.filter(({ index }) => index > recovery.index);
          const answered = since
            .filter(({ took }) => took < Number.POSITIVE_INFINITY)
            .map(({ until }) => until);
          const first = Math.min(...answered) - recovery.time;
          if (first > bounds.recoveryWithin) {
            const tooShort =
              answered.length === 0 && history.events.at(-1)!.time - recovery.time < bounds.recoveryWithin;
            if (tooShort || since.length === 0) open = true;
            else found.push('no-recovery');
          }
        }
        expect(end === undefined).toBe(recovery === undefined);
        same(anomalies.map(({ name }) => name).sort(), [...found].sort());
        const wanted = found.length > 0 ? 'invalid' : open ? 'unknown' : 'valid';
        if (validity !== wanted) expect(validity).toBe(wanted);
      }),
      { numRuns: comparisons('availability') },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(500);
  });

  it('evidence', () => {
    const seen = counter();
    fc.assert(
      fc.property(serviceHistories, fc.nat({ max: 3 }), fc.nat({ max: 7 }), (history, unapplied, must) => {
        const applied = new Set(
          history.events.filter(isNemesis).map(({ value }) => (value as { fault: number }).fault),
        );
        // The faults of the history, and perhaps one more for which the run was too short.
        const planned = applied.size + (unapplied === 0 ? 1 : 0);
        const schedule = Array.from({ length: planned }, (_, fault) => ({
          fault: 'pause',
          mustBite: must === fault,
        }));
        const { validity, reason } = evidence.check(
          { ...history, header: { ...history.header, plan: { schedule } } },
          {},
          {},
        );
        seen[validity]++;
        const hadEffect = schedule.map((_, fault) =>
          history.events.some((event) => {
            if (!isNemesis(event)) return false;
            const value = event.value as { fault: number; evidence?: { outcome: string } };
            return value.fault === fault && /bit|masked/.test(value.evidence?.outcome ?? '');
          }),
        );
        const nothing = planned > 0 && !hadEffect.includes(true);
        const demanded = schedule.some(({ mustBite }, fault) => mustBite && !hadEffect[fault]);
        const served = history.events.some((event) => isOperation(event) && event.type === 'ok');
        const wanted = nothing || demanded || !served ? 'unknown' : 'valid';
        if (validity !== wanted) expect([validity, reason]).toEqual([wanted, '']);
      }),
      { numRuns: comparisons('evidence') },
    );
    expect(Math.min(seen.valid, seen.unknown)).toBeGreaterThan(1000);
  });

  it('assertions', () => {
    const seen = counter();
    const drawn = fc.array(fc.nat({ max: 5 * 3 * 3 * 3 - 1 }), { maxLength: 8 }).map((numbers) =>
      historyOf(
        numbers.map((number, time) => {
          const choices = new Choices(number);
          const type = choices.take('note', 'note', 'sometimes', 'always', 'uncaught');
          const host = choices.take('n1', 'n2', 'n3');
          const kind = choices.take('one leader', 'no gap', `${host} is alone`);
          const data = choices.take<Json>(null, 'broken', { message: 'broken' });
          return { time, event: { type, host, kind, data } };
        }),
      ),
    );
    fc.assert(
      fc.property(drawn, (history) => {
        const { validity, anomalies, figures } = assertions.check(history, {}, {});
        seen[validity]++;
        const observations = history.events.filter(isObservation);
        const complaints = observations.filter(({ type }) => type === 'always' || type === 'uncaught');
        const textOf = ({ type, kind, host, data }: (typeof complaints)[number]) => {
          const message = typeof data === 'object' && data !== null ? 'broken' : String(data);
          return [type, kind.replace(host, 'HOST'), type === 'uncaught' ? message : ''].join();
        };
        same(anomalies.length, new Set(complaints.map(textOf)).size);
        same(
          anomalies.reduce((sum, { data }) => sum + (data as { count: number }).count, 0),
          complaints.length,
        );
        const covered = observations.flatMap(({ type, kind }) => (type === 'sometimes' ? [kind] : []));
        same(figures.sometimes, [...new Set(covered)].sort());
        if (validity !== (complaints.length > 0 ? 'invalid' : 'valid')) expect(validity).toBe('other');
      }),
      { numRuns: comparisons('assertions') },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(1000);
  });
});

describe('none of them cares', () => {
  it('when it was, or what processes, kinds of operations and keys are called', () => {
    fc.assert(
      fc.property(serviceHistories, fc.nat({ max: 1e9 }), (history, delay) => {
        const judge = (one: History) =>
          [stats, availability, evidence, assertions].map((checker) => {
            const { validity, anomalies } = checker.check(one, { availability: 0.7 } as never, {});
            return [validity, anomalies.map(({ name, operations }) => [name, operations])];
          });
        const changed = mapEvents(history, (event) => {
          const later = { ...event, time: event.time + delay };
          return isOperation(later)
            ? { ...later, f: `${later.f}!`, key: `another ${later.key}`, process: later.process + 7 }
            : later;
        });
        expect(judge(changed)).toEqual(judge(history));
      }),
      { numRuns: 500 },
    );
  });
});
