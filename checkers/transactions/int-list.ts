import { int32s } from './arrays.ts';

/** A growing array of 32-bit integers: four bytes each, no holes, no boxed numbers. */
export class IntList {
  length = 0;
  private items: Int32Array;

  constructor(capacity = 16) {
    this.items = int32s(Math.max(1, capacity));
  }

  push(item: number): void {
    if (this.length === this.items.length) this.grow();
    this.items[this.length++] = item;
  }

  at(position: number): number {
    return this.items[position]!;
  }

  set(position: number, item: number): void {
    this.items[position] = item;
  }

  /** The items themselves, not a copy: valid until the next `push`. */
  view(): Int32Array {
    return this.items.subarray(0, this.length);
  }

  private grow(): void {
    const larger = int32s(this.items.length * 2);
    larger.set(this.items);
    this.items = larger;
  }
}
