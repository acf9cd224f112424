import type { LuaValue } from './values.ts';

type Key = Exclude<LuaValue, undefined>;

/**
 * A table: a list for keys 1, 2, ... and slots for the rest, which `next` goes through in order of insertion (real Lua's order is that of its
 * hashes, and nothing rests on it). A key set to nil keeps its slot until the table is made compact, so that a traversal may clear it.
 */
export class LuaTable {
  private readonly list: LuaValue[] = [];
  private readonly places = new Map<Key, number>();
  private keys: Key[] = [];
  private values: LuaValue[] = [];
  private empty = 0;
  metatable: LuaTable | undefined;
  /** Writes are refused: the tables that all scripts share. */
  readonly: boolean = false;

  static of(items: readonly LuaValue[]): LuaTable {
    const table = new LuaTable();
    items.forEach((item, at) => {
      table.set(at + 1, item);
    });
    return table;
  }

  /** The length: a place after which comes nothing. */
  get length(): number {
    return this.list.length;
  }

  get(key: LuaValue): LuaValue {
    if (typeof key === 'number') {
      const { list } = this;
      if (key >= 1 && key <= list.length && Number.isInteger(key)) return list[key - 1];
    }
    if (key === undefined) return undefined;
    const place = this.places.get(key);
    return place === undefined ? undefined : this.values[place];
  }

  /** The key is neither nil nor NaN: the caller has seen to that. */
  set(key: LuaValue, value: LuaValue): void {
    const { list } = this;
    if (typeof key === 'number' && key >= 1 && key <= list.length + 1 && Number.isInteger(key)) {
      if (key <= list.length) {
        list[key - 1] = value;
        if (value === undefined && key === list.length) this.shrink();
        return;
      }
      if (value === undefined) {
        this.put(key, value);
        return;
      }
      list.push(value);
      this.put(key, undefined);
      this.adopt();
      return;
    }
    if (key !== undefined) this.put(key, value);
  }

  private shrink(): void {
    const { list } = this;
    while (list.length > 0 && list[list.length - 1] === undefined) list.pop();
  }

  /** Moves what follows the list out of the slots. */
  private adopt(): void {
    if (this.places.size === this.empty) return;
    for (;;) {
      const next = this.list.length + 1;
      const place = this.places.get(next);
      if (place === undefined || this.values[place] === undefined) return;
      this.list.push(this.values[place]);
      this.put(next, undefined);
    }
  }

  private put(key: Key, value: LuaValue): void {
    const place = this.places.get(key);
    if (place !== undefined) {
      if (value === undefined && this.values[place] !== undefined) this.empty++;
      if (value !== undefined && this.values[place] === undefined) this.empty--;
      this.values[place] = value;
      return;
    }
    if (value === undefined) return;
    if (this.empty > 16 && this.empty > this.keys.length / 2) this.compact();
    this.places.set(key, this.keys.length);
    this.keys.push(key);
    this.values.push(value);
  }

  private compact(): void {
    const kept = this.keys.map((key, place) => [key, this.values[place]] as const);
    this.keys = [];
    this.values = [];
    this.places.clear();
    this.empty = 0;
    for (const [key, value] of kept) {
      if (value === undefined) continue;
      this.places.set(key, this.keys.length);
      this.keys.push(key);
      this.values.push(value);
    }
  }

  /** The entry after this key, the first for nil; null at the end; undefined if the key is unknown. */
  next(key: LuaValue): readonly [LuaValue, LuaValue] | null | undefined {
    let place = 0;
    if (key !== undefined) {
      if (typeof key === 'number' && Number.isInteger(key) && key >= 1 && key <= this.list.length)
        place = key;
      else {
        const at = this.places.get(key);
        if (at === undefined && typeof key !== 'number') return undefined;
        // A number that is not here was in the list, and cleared: the slots are next.
        place = this.list.length + (at === undefined ? 0 : at + 1);
      }
    }
    for (; place < this.list.length; place++) {
      const value = this.list[place];
      if (value !== undefined) return [place + 1, value];
    }
    for (let slot = place - this.list.length; slot < this.keys.length; slot++) {
      const value = this.values[slot];
      if (value !== undefined) return [this.keys[slot], value];
    }
    return null;
  }

  /** All entries in the order of `next`. */
  *entries(): Iterable<readonly [LuaValue, LuaValue]> {
    for (let entry = this.next(undefined); entry; entry = this.next(entry[0])) yield entry;
  }

  insert(place: number, value: LuaValue): void {
    for (let at = this.length; at >= place; at--) this.set(at + 1, this.get(at));
    this.set(place, value);
  }

  remove(place: number): LuaValue {
    const value = this.get(place);
    const { length } = this;
    for (let at = place; at < length; at++) this.set(at, this.get(at + 1));
    if (place >= 1 && place <= length) this.set(length, undefined);
    return value;
  }
}
