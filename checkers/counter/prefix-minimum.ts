/**
 * A sequence of numbers that grows at its end, with an addition to all of its first numbers, and the least of all. A segment tree: an inner node holds the
 * least of its two halves plus what was added to it as a whole. Cost: O(log n) for each change, O(1) for the minimum.
 */
export class PrefixMinimum {
  length = 0;
  private readonly leaves: number;
  private readonly least: Float64Array;
  private readonly added: Float64Array;
  private readonly where: Int32Array;

  constructor(capacity: number) {
    this.leaves = 2 ** Math.ceil(Math.log2(Math.max(2, capacity)));
    this.least = new Float64Array(2 * this.leaves).fill(Number.POSITIVE_INFINITY);
    this.added = new Float64Array(2 * this.leaves);
    this.where = new Int32Array(2 * this.leaves);
  }

  /** Infinity if there are none. */
  get minimum(): number {
    return this.least[1]!;
  }

  /** Position of the minimum. */
  get at(): number {
    return this.where[1]!;
  }

  push(value: number): void {
    const position = this.length++;
    let node = this.leaves + position;
    // What was added to whole subtrees before this number came does not concern it.
    let before = 0;
    for (let above = node >> 1; above >= 1; above >>= 1) before += this.added[above]!;
    this.least[node] = value - before;
    this.where[node] = position;
    for (node >>= 1; node >= 1; node >>= 1) this.refresh(node);
  }

  /** Adds `delta` to the first `count` numbers. */
  addToFirst(count: number, delta: number): void {
    if (count === 0) return;
    let right = this.leaves + count;
    for (let left = this.leaves; left < right; left >>= 1, right >>= 1) {
      if (left & 1) this.apply(left++, delta);
      if (right & 1) this.apply(--right, delta);
    }
    for (let node = this.leaves >> 1; node >= 1; node >>= 1) this.refresh(node);
    for (let node = (this.leaves + count - 1) >> 1; node >= 1; node >>= 1) this.refresh(node);
  }

  private apply(node: number, delta: number): void {
    this.least[node] = this.least[node]! + delta;
    if (node < this.leaves) this.added[node] = this.added[node]! + delta;
  }

  private refresh(node: number): void {
    const left = 2 * node;
    const better = this.least[left + 1]! < this.least[left]! ? left + 1 : left;
    this.least[node] = this.least[better]! + this.added[node]!;
    this.where[node] = this.where[better]!;
  }
}
