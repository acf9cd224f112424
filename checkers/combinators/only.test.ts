import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  availability,
  type Checker,
  check,
  corruption,
  durability,
  linearizable,
  listAppend,
  staleness,
} from '../index.ts';
import { comparisons } from '../testing/comparisons.ts';
import { executions, spoiled } from '../testing/executions.ts';
import { history } from '../testing/notation.ts';
import { run } from '../testing/run.ts';
import { serialHistories } from '../transactions/testing/arbitrary.ts';
import { only } from './only.ts';
import { type Part, partOf } from './part-of.ts';

const register = { model: 'register', initial: 0 };

/** The part as one word an event. */
function shown(text: string, part: Part, leaveOut = false): string {
  return partOf(history(text), part, leaveOut)
    .history.events.map((event) => {
      if (!('process' in event)) return event.type;
      return `${event.index}:${event.process}:${event.type === 'invoke' ? event.f : event.type}`;
    })
    .join(' ');
}

describe('the part of a history', () => {
  const text = '0:x.write(1) 1:y.read 0:ok 0:x.read 1:ok 0:ok 1:x.write(2) 1:fail 0:x.write(3)';
  it('keeps what is complete in the span; the rest is open, failures go', () => {
    expect(shown(text, { from: 3, until: 5 })).toBe('0:2:write 1:1:read 3:3:read 4:1:ok 8:0:write');
  });
  it('keeps processes, keys and functions', () => {
    expect(shown(text, { processes: [1] })).toBe(
      '0:2:write 1:1:read 3:3:read 4:1:ok 6:1:write 7:1:fail 8:0:write',
    );
    expect(shown(text, { keys: ['y'] })).toBe('0:2:write 1:1:read 3:3:read 4:1:ok 8:0:write');
    expect(shown(text, { f: ['write'] })).toBe(
      '0:0:write 1:2:read 2:0:ok 3:3:read 6:1:write 7:1:fail 8:0:write',
    );
  });
  it('for checkers that judge each operation for itself: leaves the others out, by invocation', () => {
    expect(shown(text, { from: 1, until: 4 }, true)).toBe('1:1:read 3:0:read 4:1:ok 5:0:ok');
  });
  it('keeps faults, and observations of its span', () => {
    const some = run('0 write x=1 0..5\nnemesis pause n1 1..2 #0 bit\nnote n1 1 "a"\nnote n1 4 "b"');
    const kinds = partOf(some, { from: 3e6 }, false).history.events.map((event) =>
      'kind' in event ? event.kind : event.f,
    );
    expect(kinds).toEqual(['write', 'pause', 'pause', 'b', 'write']);
  });
});

describe('only', () => {
  it('finds what the part proves, by the indices of the whole', () => {
    const text = '0:write(1) 0:ok 1:read 1:ok(0) 0:write(2) 0:ok 1:read 1:ok(1)';
    expect(check(history(text), only(linearizable, { until: 4 }), register)).toMatchObject({
      validity: 'invalid',
      anomalies: [{ operations: [0, 1, 2, 3] }],
      figures: { selection: { part: 'until 0.000000004 s', operations: 2, indeterminate: 2 } },
    });
    // In the second half the first write may have taken effect late.
    expect(check(history(text), only(linearizable, { from: 4 }), register).validity).toBe('valid');
  });

  it('explains what is read in the part by what was written outside', () => {
    const text = '0:write(1) 0:ok 1:read 1:ok(1)';
    for (const part of [{ from: 2 }, { processes: [1] }, { f: ['read'] }]) {
      expect(check(history(text), only(linearizable, part), register).validity).toBe('valid');
    }
  });

  it('of nothing is unknown', () => {
    expect(check(history('0:write(1) 0:ok'), only(linearizable, { keys: ['x', 3] }), register)).toMatchObject(
      {
        validity: 'unknown',
        reason: 'no operation is in the part that was selected: on keys "x" and 3',
      },
    );
  });

  it('asks whether it was available then', () => {
    const some = run('0 write x=1 0..5\n0 write x=2 10..20 fail refused\n0 write x=3 30..40');
    const validity = (part: Part) => check(some, only(availability, part), { availability: 0.6 }).validity;
    expect([validity({}), validity({ until: 25e6 }), validity({ from: 25e6 })]).toEqual([
      'valid',
      'invalid',
      'valid',
    ]);
  });

  const parts: fc.Arbitrary<Part> = fc.record(
    {
      from: fc.nat(120),
      until: fc.integer({ min: 20, max: 200 }),
      processes: fc.subarray([0, 1, 2, 3, 4]),
      keys: fc.subarray<string | number>(['x', 'y'], { minLength: 1 }),
      f: fc.subarray(['read', 'write', 'cas', 'txn'], { minLength: 1 }),
    },
    { requiredKeys: [] },
  );
  const registers: readonly Checker<never>[] = [linearizable, corruption, durability, staleness];
  const options = {
    linearizable: {},
    corruption: {},
    durability: { unclaimed: true },
    staleness: { within: 0 },
  };

  it('never calls a part of a valid history invalid', () => {
    const some = executions({ threads: 3, steps: 8, unique: false });
    const unique = executions({ threads: 3, steps: 8, unique: true });
    let concluded = 0;
    fc.assert(
      fc.property(fc.oneof(some, unique), parts, (whole, part) => {
        for (const checker of registers) {
          const given = options[checker.name as keyof typeof options] as never;
          const { validity, anomalies } = check(whole, only(checker, part), given);
          expect(anomalies).toEqual([]);
          if (validity === 'valid') concluded++;
        }
      }),
      { numRuns: comparisons('only: valid histories') },
    );
    expect(concluded).toBeGreaterThan(1200);
  });

  it('never calls a part of strictly serializable transactions invalid', () => {
    fc.assert(
      fc.property(serialHistories('list', 12), parts, (whole, part) => {
        expect(check(whole, only(listAppend, part)).anomalies).toEqual([]);
      }),
      { numRuns: 4000 },
    );
  });

  it('calls a part invalid only if the whole is; the whole as a part is the whole', () => {
    let found = 0;
    fc.assert(
      fc.property(spoiled(executions({ threads: 3, steps: 8, unique: false })), parts, (some, part) => {
        const whole = check(some, linearizable);
        if (check(some, only(linearizable, part)).validity === 'invalid') {
          found++;
          expect(whole.validity).toBe('invalid');
        }
        const { selection: _, ...figures } = check(some, only(linearizable, {})).figures;
        expect(figures).toEqual(whole.figures);
      }),
      { numRuns: comparisons('only: spoilt histories') },
    );
    expect(found).toBeGreaterThan(20);
  });
});
