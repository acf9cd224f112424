/**
 * How many spans cover each of some slots, with the question where the first uncovered one is. A segment tree with additions to
 * ranges; every operation costs log n.
 */
export class Coverage {
  private readonly size: number;
  /** Smallest cover below each node, without what is added at nodes above it. */
  private readonly least: Int32Array;
  private readonly added: Int32Array;

  constructor(covers: Int32Array) {
    let size = 1;
    while (size < covers.length) size *= 2;
    this.size = size;
    this.least = new Int32Array(2 * size).fill(0x3fffffff);
    this.added = new Int32Array(2 * size);
    this.least.set(covers, size);
    for (let node = size - 1; node > 0; node--) {
      this.least[node] = Math.min(this.least[2 * node]!, this.least[2 * node + 1]!);
    }
  }

  /** Adds to the slots from `from` up to, not with, `to`. */
  add(from: number, to: number, amount: number): void {
    const { size, least, added } = this;
    for (let low = from + size, high = to + size; low < high; low >>= 1, high >>= 1) {
      if (low & 1) this.apply(low++, amount);
      if (high & 1) this.apply(--high, amount);
    }
    for (const leaf of [from + size, to - 1 + size]) {
      for (let node = leaf >> 1; node > 0; node >>= 1) {
        least[node] = Math.min(least[2 * node]!, least[2 * node + 1]!) + added[node]!;
      }
    }
  }

  private apply(node: number, amount: number): void {
    this.least[node]! += amount;
    this.added[node]! += amount;
  }

  /** The first slot from `from` up to, not with, `to` that nothing covers; -1: none. */
  firstUncovered(from: number, to: number): number {
    if (from >= to) return -1;
    const { size, least, added } = this;
    // Nodes with what is added above them, the leftmost on top.
    const nodes = [1];
    const above = [0];
    const firsts = [0];
    const widths = [size];
    while (nodes.length > 0) {
      const node = nodes.pop()!;
      const extra = above.pop()!;
      const first = firsts.pop()!;
      const width = widths.pop()!;
      if (first >= to || first + width <= from || least[node]! + extra > 0) continue;
      if (node >= size) return first;
      for (const right of [1, 0]) {
        nodes.push(2 * node + right);
        above.push(extra + added[node]!);
        firsts.push(first + (right * width) / 2);
        widths.push(width / 2);
      }
    }
    return -1;
  }
}
