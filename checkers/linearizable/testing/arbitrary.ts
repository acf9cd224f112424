import fc from 'fast-check';
import type { Json } from '../../../histories/index.ts';
import { type Call, NEVER } from '../model.ts';
import type { PlacedCall } from '../preparation.ts';

/** A call whose result is filled in later: by the model in most cases, by chance in some. */
interface Draft {
  readonly f: string;
  readonly value: Json;
  readonly guess: Json;
}

type Drafts = fc.Arbitrary<Draft>;

const small = (values: number): fc.Arbitrary<Json> => fc.integer({ min: 0, max: values - 1 });

export const registerDrafts = (values: number): Drafts =>
  fc.oneof(
    fc.record({ f: fc.constant('read'), value: fc.constant(null), guess: small(values) }),
    fc.record({ f: fc.constant('write'), value: small(values), guess: fc.constant(null) }),
  );

export const casDrafts = (values: number): Drafts =>
  fc.oneof(
    { weight: 2, arbitrary: registerDrafts(values) },
    {
      weight: 1,
      arbitrary: fc.record({
        f: fc.constant('cas'),
        value: fc.tuple(small(values), small(values)),
        guess: fc.constant(null),
      }),
    },
  );

const text: fc.Arbitrary<Json> = fc.constantFrom('a', 'b', 'ab', '');
const longer: fc.Arbitrary<Json> = fc.constantFrom(
  '',
  'a',
  'b',
  'ab',
  'ba',
  'aa',
  'bb',
  'aab',
  'aba',
  'abab',
  'bab',
);

export const kvDrafts: Drafts = fc.oneof(
  fc.record({ f: fc.constant('get'), value: fc.constant(null), guess: longer }),
  fc.record({ f: fc.constant('put'), value: text, guess: fc.constant(null) }),
  fc.record({ f: fc.constant('append'), value: text, guess: fc.constant(null) }),
);

export const mutexDrafts: Drafts = fc.record({
  f: fc.constantFrom('acquire', 'release'),
  value: fc.constant(null),
  guess: fc.constant(null),
});

export interface Shape {
  readonly operations: number;
  readonly processes: number;
  /** Whether a cas may be recorded as failed (an observation). */
  readonly failedCas?: boolean;
  /** Share of operations that never complete, of 10. Default 2. */
  readonly lost?: number;
}

/**
 * Small histories of one key. Reads return guesses: the values are few, so that legal and illegal histories are about as
 * common, and often nearly legal. Operations that never complete retire their process, which goes on under another number.
 */
export function placedCalls(drafts: Drafts, shape: Shape): fc.Arbitrary<PlacedCall[]> {
  const one = fc.record({
    draft: drafts,
    process: fc.nat(shape.processes - 1),
    duration: fc.nat(3 * shape.processes),
    lost: fc.nat(9),
    failed: fc.boolean(),
  });
  return fc.array(one, { maxLength: shape.operations, minLength: 1, size: 'max' }).map((ones) => {
    const freeAt = new Array<number>(shape.processes).fill(0);
    const spans = ones.map(({ draft, process, duration, lost, failed }, n) => {
      const from = Math.max(freeAt[process]!, n * 2);
      const isLost = lost < (shape.lost ?? 2);
      freeAt[process] = isLost ? from : from + 1 + duration;
      const isFailed = !isLost && failed && shape.failedCas === true && draft.f === 'cas';
      return { draft, from, to: isLost ? NEVER : from + 1 + duration, isFailed };
    });
    // Distinct positions, ties broken by the number of the operation.
    const marks = spans.flatMap((span, n) => [
      { time: span.from, n, end: false },
      ...(span.to === NEVER ? [] : [{ time: span.to, n, end: true }]),
    ]);
    marks.sort((a, b) => a.time - b.time || a.n - b.n);
    const invoked: number[] = [];
    const returned = new Array<number>(spans.length).fill(NEVER);
    marks.forEach((mark, position) => {
      if (mark.end) returned[mark.n] = position;
      else invoked[mark.n] = position;
    });
    return spans
      .map(({ draft, isFailed }, n): PlacedCall => {
        const ok = returned[n] !== NEVER;
        const reads = draft.f === 'read' || draft.f === 'get';
        const result = !ok || isFailed ? undefined : reads ? draft.guess : draft.value;
        const call: Call = {
          f: draft.f,
          value: draft.value,
          result,
          outcome: isFailed ? 'fail' : ok ? 'ok' : 'info',
        };
        return { call, invoked: invoked[n]!, returned: returned[n]! };
      })
      .filter(({ call }) => call.outcome !== 'info' || (call.f !== 'read' && call.f !== 'get'))
      .sort((a, b) => a.invoked - b.invoked);
  });
}

/** Makes written values unique: writes count up, a read keeps its guess, a small number, so that it often hits one. */
export function uniqueWrites(placed: readonly PlacedCall[]): PlacedCall[] {
  let next = 1;
  return placed.map((one) => {
    if (one.call.f !== 'write') return one;
    const value = next++;
    return {
      ...one,
      call: { ...one.call, value, result: one.call.result === undefined ? undefined : value },
    };
  });
}
