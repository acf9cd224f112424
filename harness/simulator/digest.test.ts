import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Digest } from './digest.ts';

type Event = readonly [time: number, label: number, content: number];

function digestOf(events: readonly Event[], every?: number): Digest {
  const digest = new Digest(every);
  for (const event of events) digest.event(...event);
  return digest;
}

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const event = fc.tuple(fc.integer({ min: 0, max: 2 ** 53 - 1 }), int32, int32);

describe('the digest', () => {
  it('is 16 hexadecimal digits, the same for the same events', () => {
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const digest = digestOf(events);
        expect(digest.toString()).toMatch(/^[0-9a-f]{16}$/);
        expect(digestOf(events).toString()).toBe(digest.toString());
        expect(digest.events).toBe(events.length);
      }),
      { seed: 1 },
    );
  });

  it('sees a change of any event in any of its parts, an event more, and two that swap', () => {
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 2, maxLength: 30 }),
        fc.nat(),
        fc.nat(52),
        (events, nth, bit) => {
          const whole = digestOf(events).toString();
          const at = nth % events.length;
          const [time, label, content] = events[at]!;
          const changedTime =
            bit < 31 ? time - (time % 2 ** 31) + ((time % 2 ** 31) ^ (1 << bit)) : time + 2 ** 32;
          const changed: [number, number, number][] = [
            [changedTime, label, content],
            [time, label ^ (1 << (bit % 32)), content],
            [time, label, content ^ (1 << (bit % 32))],
          ];
          for (const other of changed) {
            expect(digestOf(events.with(at, other)).toString()).not.toBe(whole);
          }
          expect(digestOf([...events, events[at]!]).toString()).not.toBe(whole);
          const next = (at + 1) % events.length;
          const swapped = events.with(at, events[next]!).with(next, events[at]!);
          if (events[at]!.join() !== events[next]!.join()) {
            expect(digestOf(swapped).toString()).not.toBe(whole);
          }
        },
      ),
      { seed: 1, numRuns: 500 },
    );
  });

  it('has checkpoints by which the first difference is found', () => {
    const events = Array.from({ length: 40 }, (_, n): Event => [n, n, n]);
    const one = digestOf(events, 4).checkpoints;
    const other = digestOf(events.with(22, [22, 22, 0]), 4).checkpoints;
    expect(one.length).toBe(20);
    const pairs = Array.from({ length: 10 }, (_, nth) => nth);
    const differing = pairs.filter(
      (nth) => one[2 * nth] !== other[2 * nth] || one[2 * nth + 1] !== other[2 * nth + 1],
    );
    // Event 22 lies between the checkpoints after 20 and after 24; once apart, always apart.
    expect(differing).toEqual([5, 6, 7, 8, 9]);
  });
});
