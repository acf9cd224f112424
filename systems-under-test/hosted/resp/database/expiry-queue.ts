interface Due {
  readonly at: number;
  readonly nth: number;
  readonly key: string;
}

/** A binary heap of times to live, the earliest first, ties as they came. An entry may be outdated: whoever takes it compares with the key. */
export class ExpiryQueue {
  private heap: Due[] = [];
  private nth = 0;

  get size(): number {
    return this.heap.length;
  }

  earliest(): number | null {
    return this.heap[0]?.at ?? null;
  }

  add(at: number, key: string): void {
    const { heap } = this;
    heap.push({ at, nth: this.nth++, key });
    for (let child = heap.length - 1; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!this.before(child, parent)) return;
      this.swap(child, parent);
      child = parent;
    }
  }

  /** The earliest that is due by now, taken out. */
  take(now: number): Due | null {
    const { heap } = this;
    const top = heap[0];
    if (top === undefined || top.at > now) return null;
    const last = heap.pop()!;
    if (heap.length > 0) {
      heap[0] = last;
      this.sink();
    }
    return top;
  }

  rebuild(times: Iterable<readonly [number, string]>): void {
    this.heap = [];
    for (const [at, key] of times) this.add(at, key);
  }

  private before(one: number, other: number): boolean {
    const [a, b] = [this.heap[one]!, this.heap[other]!];
    return a.at < b.at || (a.at === b.at && a.nth < b.nth);
  }

  private swap(one: number, other: number): void {
    const { heap } = this;
    [heap[one], heap[other]] = [heap[other]!, heap[one]!];
  }

  private sink(): void {
    for (let parent = 0; ; ) {
      const left = 2 * parent + 1;
      if (left >= this.heap.length) return;
      const right = left + 1;
      const child = right < this.heap.length && this.before(right, left) ? right : left;
      if (!this.before(child, parent)) return;
      this.swap(child, parent);
      parent = child;
    }
  }
}
