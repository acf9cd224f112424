/** Keys of places in a row, with the question which place of a range has the smallest. A segment tree; every operation costs log n. */
export class Smallest {
  private readonly size: number;
  private readonly keys: Float64Array;

  /** All places start without a key. */
  constructor(places: number) {
    let size = 1;
    while (size < places) size *= 2;
    this.size = size;
    this.keys = new Float64Array(2 * size).fill(Number.POSITIVE_INFINITY);
  }

  set(place: number, key: number): void {
    const { size, keys } = this;
    keys[place + size] = key;
    for (let node = (place + size) >> 1; node > 0; node >>= 1) {
      keys[node] = Math.min(keys[2 * node]!, keys[2 * node + 1]!);
    }
  }

  clear(place: number): void {
    this.set(place, Number.POSITIVE_INFINITY);
  }

  /** The place from `from` up to, not with, `to` with the smallest key, if that is below `bound`; else -1. */
  below(bound: number, from: number, to: number): number {
    const { size, keys } = this;
    let best = 0;
    for (let low = from + size, high = to + size; low < high; low >>= 1, high >>= 1) {
      if (low & 1) {
        if (best === 0 || keys[low]! < keys[best]!) best = low;
        low++;
      }
      if (high & 1) {
        high--;
        if (best === 0 || keys[high]! < keys[best]!) best = high;
      }
    }
    if (best === 0 || !(keys[best]! < bound)) return -1;
    while (best < size) best = keys[2 * best] === keys[best] ? 2 * best : 2 * best + 1;
    return best - size;
  }
}
