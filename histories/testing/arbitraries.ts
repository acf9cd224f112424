import fc from 'fast-check';
import type { History, HistoryEvent, HistoryHeader, Operation } from '../index.ts';
import type { Json } from '../operation.ts';

/** Any JSON value, with odd texts, -0 and names such as `__proto__`. */
export const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'json' },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 4, depthIdentifier: 'json' }),
    fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), tie('value'), {
      maxKeys: 4,
      depthIdentifier: 'json',
      noNullPrototype: true,
    }),
  ),
})).value;

const name = fc.string({ minLength: 1 });

/** A step: who does something next, how long after the one before, and with what. */
const step = fc.record({
  who: fc.integer({ min: 0, max: 5 }),
  later: fc.nat(1_000_000),
  f: fc.oneof(fc.constantFrom('read', 'write', 'cas'), name),
  value: json,
  completion: fc.constantFrom('ok' as const, 'fail' as const, 'info' as const),
  more: fc.record(
    { key: fc.oneof(fc.string(), fc.integer()), error: json, node: fc.string(), phase: fc.string() },
    { requiredKeys: [], noNullPrototype: true },
  ),
  withId: fc.boolean(),
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Turns steps into events that keep all rules: four clients, the nemesis and a host that speaks. */
function eventsOf(steps: readonly Step[]): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  const open = new Map<number, Operation>();
  const processes = [0, 1, 2, 3];
  let time = 0;
  for (const { who, later, f, value, completion, more, withId } of steps) {
    const index = events.length;
    time += later;
    if (who === 4) events.push({ index, time, process: 'nemesis', type: 'info', f, value });
    else if (who === 5)
      events.push({ index, time, type: 'note', host: f, kind: more.phase ?? '', data: value });
    else {
      const process = processes[who]!;
      const invocation = open.get(process);
      if (invocation === undefined) {
        const id = withId ? { id: [who, index] as const } : {};
        const operation: Operation = { index, time, process, type: 'invoke', f, value, ...more, ...id };
        open.set(process, operation);
        events.push(operation);
      } else {
        open.delete(process);
        events.push({ ...invocation, index, time, type: completion, value });
        if (completion === 'info') processes[who] = process + 4;
      }
    }
  }
  return events;
}

export const events: fc.Arbitrary<HistoryEvent[]> = fc.array(step, { maxLength: 40 }).map(eventsOf);

const header: fc.Arbitrary<HistoryHeader> = fc.record(
  {
    sixways: fc.constant(1 as const),
    world: fc.constantFrom('simulator' as const, 'live' as const),
    plan: json,
    system: name,
    checkers: fc.array(
      fc.record({ name, options: json }, { requiredKeys: ['name'], noNullPrototype: true }),
      { maxLength: 2 },
    ),
    claims: fc.constant({ consistency: 'linearizable', durability: true, recoveryWithin: 5e9 }),
    objectives: fc.constant({
      deadline: 1e6,
      latency: [{ percentile: 99, within: 1e6, window: 1e9, share: 0.9 }],
      goodput: [{ perSecond: 2.5 }],
      scopes: [{ name: 'reads', f: ['read'], keys: ['x', 1], burn: [{ rate: 14.4, window: 6e8 }] }],
    }),
    versions: fc.record({ sixways: name, node: name }, { noNullPrototype: true }),
    code: name,
  },
  { requiredKeys: ['sixways', 'world'], noNullPrototype: true },
);

/** Whole histories; the number of events and the digest in the footer are for the writer to fill in. */
export const histories: fc.Arbitrary<Omit<History, 'cutOff'>> = fc.record({
  header,
  events,
  footer: fc.record(
    { events: fc.constant(0), content: fc.constant('unknown'), verdict: json, digest: name, ended: name },
    { requiredKeys: ['events', 'content'], noNullPrototype: true },
  ),
});
