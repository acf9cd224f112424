/** One word of the gradient that the worker of this rank finds on its share of the data: any function of all of these will do. */
function gradientWord(word: number, place: number, step: number, rank: number): number {
  let h = Math.imul(word ^ Math.imul(step + 1, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(rank + 1, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15) ^ place, 0x2c1b3c6d);
  return h ^ (h >>> 13);
}

export function gradient(state: readonly number[], step: number, rank: number): number[] {
  return state.map((word, place) => gradientWord(word, place, step, rank));
}

/** Wraps round: the order of the sum does not matter, unlike in floating point. */
export function sum(gradients: readonly (readonly number[])[]): number[] {
  return gradients[0]!.map((_, place) => gradients.reduce((total, each) => (total + each[place]!) | 0, 0));
}

export function update(state: readonly number[], total: readonly number[]): number[] {
  return state.map((word, place) => (Math.imul(word, 31) + total[place]!) | 0);
}

export function initialState(words: number): number[] {
  return Array.from({ length: words }, (_, place) => place);
}

/** The state after so many steps, if nothing goes wrong: what every run must come to, whatever failed in it. */
export function train(state: readonly number[], from: number, to: number, workers: number): number[] {
  let current = [...state];
  for (let step = from; step < to; step++) {
    const gradients = Array.from({ length: workers }, (_, rank) => gradient(current, step, rank));
    current = update(current, sum(gradients));
  }
  return current;
}
