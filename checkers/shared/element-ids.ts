import type { Json } from '../../histories/index.ts';
import { type Identity, identityOf } from './identity.ts';

/**
 * Numbers values from 0, equal values alike. Small integers, which workloads use most, are looked up in an array instead of a `Map`: reads of large
 * sets and queues are nothing but such look-ups.
 */
export class ElementIds {
  readonly values: Json[] = [];
  /** By small integer: its number plus one, 0 if it has none. Never larger than eight times the elements. */
  private table = new Int32Array(1024);
  private readonly others = new Map<Identity, number>();

  /** The number of the value, or -1. */
  find(value: Json): number {
    if (typeof value === 'number' && value >= 0 && value < this.table.length) {
      const entry = this.table[value];
      if (entry !== undefined && entry > 0) return entry - 1;
    }
    return this.others.get(identityOf(value)) ?? -1;
  }

  /** The number of the value, a new one if it has none. */
  add(value: Json): number {
    const known = this.find(value);
    if (known >= 0) return known;
    const id = this.values.length;
    this.values.push(value);
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 8 * id + 1024) {
      if (value >= this.table.length) this.grow(value);
      this.table[value] = id + 1;
    } else {
      this.others.set(identityOf(value), id);
    }
    return id;
  }

  private grow(value: number): void {
    const larger = new Int32Array(Math.max(value + 1, this.table.length * 2));
    larger.set(this.table);
    this.table = larger;
  }
}
