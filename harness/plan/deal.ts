import fc, { type Arbitrary } from 'fast-check';
import { drawFrom } from './random-draw.ts';

/**
 * Swarm testing: each seed has a temper of its own, draws a subset of the fault kinds, and stresses these. A schedule in which every
 * kind appears a little finds less than many schedules of which each leaves most out: faults hide each other (Groce et al., 2012).
 */
export interface Temper {
  readonly weight: number;
  /** How many different kinds, where there are many: at least a third of those that there are will do. */
  readonly kinds: readonly [least: number, most: number];
  /** How many events (a fault, or a formation of several) in ten seconds, if not more kinds have their turn. */
  readonly events: readonly [least: number, most: number];
  /** One after the other has healed, with a pause between. */
  readonly inTurn: boolean;
}

/** None draws just a fault or two: they would often meet nothing, and a run without effect proves nothing. */
const TEMPERS: readonly Temper[] = [
  { weight: 1, kinds: [3, 4], events: [4, 6], inTurn: true }, // calm
  { weight: 2, kinds: [1, 1], events: [6, 12], inTurn: false }, // single
  { weight: 3, kinds: [4, 9], events: [4, 10], inTurn: true }, // turns
  { weight: 4, kinds: [4, 16], events: [5, 14], inTurn: false }, // mixed
  { weight: 2, kinds: [10, 30], events: [12, 25], inTurn: false }, // storm
];

const DECK_OF_TEMPERS = TEMPERS.flatMap((temper) => Array.from({ length: temper.weight }, () => temper));
/** So many decks of tempers are dealt before all decks are begun anew. */
const DECKS_IN_ROUND = 4;
const SEEDS_IN_ROUND = DECKS_IN_ROUND * DECK_OF_TEMPERS.length;
/** Rounds are drawn by numbers beyond the seeds that anybody uses, so that no plan follows a round's draws. */
const ROUNDS_FROM = 2 ** 52;

/** What a seed is dealt. */
export interface Hand {
  readonly temper: Temper;
  /** At least one for each kind. */
  readonly events: number;
  /** Indices of kinds, each once, in the order in which they have their turn. */
  readonly kinds: readonly number[];
}

/**
 * Deals tempers and kinds to seeds from shuffled decks, as cards: a deck is used up before the next is begun. So the kinds of a seed are a
 * random subset, but over some dozens of successive seeds each kind comes up about as often as any other of its weight, where independent draws would leave out
 * some kind of thirty in most campaigns. A hand depends on the seed, the weights of the kinds and the time alone.
 *
 * @param weights Of each kind how many cards are in a deck; at least one kind. @param tens Length of the fault phase in units of ten seconds. Cost: about 1 ms for each round of 48 seeds.
 */
export function dealer(weights: readonly number[], tens: number): (seed: number) => Hand {
  let round: { readonly number: number; readonly hands: readonly Hand[] } | undefined;
  const rounds = roundArbitrary(weights, tens);
  return (seed) => {
    const number = Math.floor(seed / SEEDS_IN_ROUND);
    if (round?.number !== number) round = { number, hands: drawFrom(rounds, ROUNDS_FROM + number) };
    return round.hands[seed % SEEDS_IN_ROUND]!;
  };
}

function roundArbitrary(weights: readonly number[], tens: number): Arbitrary<readonly Hand[]> {
  const deck = weights.flatMap((weight, kind) => Array.from({ length: weight }, () => kind));
  return fc
    .array(shuffled(DECK_OF_TEMPERS), { minLength: DECKS_IN_ROUND, maxLength: DECKS_IN_ROUND })
    .chain((decks) => fc.tuple(...decks.flat().map((temper) => sizes(temper, weights.length, tens))))
    .chain((hands) => {
      // A deck has every kind, so that no hand begins more than one.
      const decks = hands.length;
      return fc
        .array(shuffled(deck), { minLength: decks, maxLength: decks })
        .map((piles) => deal(hands, piles));
    });
}

interface Sizes {
  readonly temper: Temper;
  readonly events: number;
  readonly size: number;
}

function sizes(temper: Temper, kinds: number, tens: number): Arbitrary<Sizes> {
  // In a short time there is no room for many.
  const [least, most] = temper.kinds.map((count) => Math.ceil(count * Math.min(1, tens))) as [number, number];
  const [fewest, highest] = temper.events.map((count) => Math.ceil(count * tens)) as [number, number];
  return fc
    .record({
      size: fc.integer({ min: Math.min(least, Math.ceil(kinds / 3)), max: Math.min(most, kinds) }),
      events: fc.integer({ min: fewest, max: highest }),
    })
    .map(({ size, events }) => ({ temper, size, events: Math.max(size, events) }));
}

/** Each hand takes the next cards that it has not got yet; those passed over are the next hand's. */
function deal(hands: readonly Sizes[], decks: readonly (readonly number[])[]): Hand[] {
  const pile: number[] = [];
  let begun = 0;
  return hands.map(({ temper, events, size }) => {
    const kinds: number[] = [];
    while (kinds.length < size) {
      const next = pile.findIndex((kind) => !kinds.includes(kind));
      if (next < 0) pile.push(...decks[begun++]!);
      else kinds.push(...pile.splice(next, 1));
    }
    return { temper, events, kinds };
  });
}

function shuffled<Item>(items: readonly Item[]): Arbitrary<Item[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length });
}
