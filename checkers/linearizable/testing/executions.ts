import { alea } from 'seedrandom';
import type { Json } from '../../../histories/index.ts';
import { canonical } from '../interner.ts';
import { type Call, NEVER } from '../model.ts';
import type { PlacedCall } from '../preparation.ts';
import type { Specification } from './specifications.ts';

/** What is asked. */
export interface Ask {
  readonly f: string;
  readonly value: Json;
}

export interface ExecutionShape {
  /** At most so many. */
  readonly operations: number;
  readonly processes: number;
  /** Share of operations whose answer is lost, of 10. */
  readonly lost: number;
  ask(draw: Draw): Ask;
  /** Functions with an answer that tells something: it may be spoilt, by exchange with another or by this. */
  readonly telling: readonly string[];
  replacement(draw: Draw, ask: Ask): Json;
  /** Where a call would have to wait, it is at times said to have succeeded nevertheless. */
  pretends?(draw: Draw, ask: Ask): Json;
  /** Functions without effect: lost calls of them are left out, as the checker does. */
  readonly pure?: readonly string[];
  /** Whether failures that tell something are kept. */
  readonly observesFailures?: boolean;
  /** A function whose every call gets a value of its own, counted from 1. */
  readonly unique?: string;
}

/** Invoked and returned. In units of no meaning. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** A number from 0 up to, not with, `below`. */
export type Draw = (below: number) => number;

/**
 * An execution of an object: each operation takes effect at a moment of its span and is answered as the specification says, so
 * it is linearizable; then some answers are exchanged, replaced or made earlier, so that many are not, if only just.
 *
 * Drawn from the seed alone, since tens of thousands are compared: fast-check would take most of the time to make them shrinkable, and
 * they are small as they are.
 */
export function execution(seed: number, specification: Specification, shape: ExecutionShape): PlacedCall[] {
  const random = alea(String(seed));
  const draw: Draw = (below) => Math.floor(random() * below);
  const freeAt = new Array<number>(shape.processes).fill(0);
  const asked: Ask[] = [];
  const spans: Span[] = [];
  const effects: number[] = [];
  for (let n = 0, count = 1 + draw(shape.operations); n < count; n++) {
    const ask = shape.ask(draw);
    asked.push(ask.f === shape.unique ? { ...ask, value: n + 1 } : ask);
    const process = draw(shape.processes);
    const from = freeAt[process]! + draw(4);
    const effect = from + draw(7);
    const isLost = draw(10) < shape.lost;
    const to = isLost ? NEVER : effect + draw(7);
    freeAt[process] = isLost ? effect : to;
    spans.push({ from, to });
    effects.push(isLost ? (draw(2) === 0 ? NEVER : from + draw(30)) : effect);
  }
  const failed = new Set<number>();
  const results = perform(specification, asked, effects, draw, failed);
  if (shape.pretends) {
    for (let n = 0; n < asked.length; n++)
      if (effects[n] !== NEVER && draw(4) === 0) results[n] ??= shape.pretends(draw, asked[n]!);
  }
  spoil(asked, results, spans, draw, shape);
  return place(asked, spans, results, shape.observesFailures ? failed : new Set()).filter(
    ({ call }) => call.outcome !== 'info' || !shape.pure?.includes(call.f),
  );
}

/** Answers in the order of effect; undefined for what had to wait, or never took effect. */
function perform(
  specification: Specification,
  asks: readonly Ask[],
  effects: readonly number[],
  draw: Draw,
  failed: Set<number>,
): (Json | undefined)[] {
  const order = asks.map((_, n) => n).filter((n) => effects[n] !== NEVER);
  order.sort((a, b) => effects[a]! - effects[b]! || a - b);
  const results = new Array<Json | undefined>(asks.length).fill(undefined);
  let state = specification.initial;
  for (const n of order) {
    const outcomes = specification
      .outcomes(state, asks[n]!.f, asks[n]!.value)
      .filter(({ unseen }) => !unseen);
    const outcome = outcomes[draw(outcomes.length)];
    if (outcome === undefined) continue;
    if (outcome.failed) failed.add(n);
    results[n] = outcome.failed ? undefined : outcome.result;
    state = outcome.state;
  }
  return results;
}

const same = (one: Ask, two: Ask): boolean =>
  one.f === two.f && canonical(one.value) === canonical(two.value);

/** Ways to spoil, the more telling ones more often. */
const KINDS = ['swap', 'swap', 'replace', 'hurry', 'hurry', 'delay'] as const;

function spoil(
  asked: readonly Ask[],
  results: (Json | undefined)[],
  spans: Span[],
  draw: Draw,
  shape: ExecutionShape,
): void {
  const answered = results.map((_, n) => n).filter((n) => results[n] !== undefined && spans[n]!.to !== NEVER);
  const telling = answered.filter((n) => shape.telling.includes(asked[n]!.f));
  for (let changes = answered.length === 0 ? 0 : draw(5); changes > 0; changes--) {
    const kind = KINDS[draw(KINDS.length)]!;
    const any = answered[draw(answered.length)]!;
    const one = telling[draw(telling.length)] ?? any;
    const two = telling[draw(telling.length)] ?? any;
    if (kind === 'swap' && same(asked[one]!, asked[two]!))
      [results[one], results[two]] = [results[two], results[one]];
    else if (kind === 'replace' && telling.length > 0) results[one] = shape.replacement(draw, asked[one]!);
    else if (kind === 'hurry') spans[any] = { ...spans[any]!, to: spans[any]!.from };
    else if (kind === 'delay') spans[any] = { ...spans[any]!, from: spans[any]!.to };
  }
}

/** Distinct positions; what had no outcome is left out, as if it had failed. */
function place(
  asks: readonly Ask[],
  spans: readonly Span[],
  results: readonly (Json | undefined)[],
  failed: ReadonlySet<number>,
): PlacedCall[] {
  const kept = asks
    .map((_, n) => n)
    .filter((n) => results[n] !== undefined || failed.has(n) || spans[n]!.to === NEVER);
  const marks = kept.flatMap((n) => [
    { time: spans[n]!.from, n, end: 0 },
    ...(spans[n]!.to === NEVER ? [] : [{ time: spans[n]!.to, n, end: 1 }]),
  ]);
  marks.sort((a, b) => a.time - b.time || a.n - b.n || a.end - b.end);
  const invoked: number[] = [];
  const returned: number[] = [];
  marks.forEach(({ n, end }, position) => {
    (end ? returned : invoked)[n] = position;
  });
  return kept
    .map((n): PlacedCall => {
      const lost = spans[n]!.to === NEVER;
      const call: Call = {
        ...asks[n]!,
        result: lost ? undefined : results[n],
        outcome: lost ? 'info' : failed.has(n) && results[n] === undefined ? 'fail' : 'ok',
      };
      return { call, invoked: invoked[n]!, returned: lost ? NEVER : returned[n]! };
    })
    .sort((a, b) => a.invoked - b.invoked);
}
