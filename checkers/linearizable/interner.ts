import type { Json } from '../../histories/index.ts';

/** One text for each JSON value: properties in the order of their code units. */
export function canonical(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const object = value as { readonly [key: string]: Json };
  const properties = Object.keys(object)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(object[key]!)}`);
  return `{${properties.join(',')}}`;
}

/** Places of null, false and true before those of small integers. */
const SPECIALS = 3;

/** Numbers JSON values from `first` upwards, equal values alike. */
export class Interner {
  readonly values: Json[] = [];
  private readonly first: number;
  /** Numbers of the commonest values, one more, 0 for none: a map of a million is slow, and so are a million maps. */
  private readonly common: Int32Array;
  private plain: Map<Json, number> | undefined;
  private structured: Map<string, number> | undefined;

  /** `expected`: about how many values there will be; integers up to four times that are found without hashing. */
  constructor(first = 0, expected = 0) {
    this.first = first;
    this.common = new Int32Array(SPECIALS + 4 * expected);
  }

  id(value: Json): number {
    const place = this.place(value);
    if (place >= 0) {
      if (this.common[place] === 0) this.common[place] = this.add(value) + 1;
      return this.common[place]! - 1;
    }
    if (value === null || typeof value !== 'object') {
      this.plain ??= new Map();
      return this.numbered(this.plain, value, value);
    }
    this.structured ??= new Map();
    return this.numbered(this.structured, canonical(value), value);
  }

  private numbered<Key>(numbers: Map<Key, number>, key: Key, value: Json): number {
    let id = numbers.get(key);
    if (id === undefined) {
      id = this.add(value);
      numbers.set(key, id);
    }
    return id;
  }

  private place(value: Json): number {
    if (typeof value === 'number') {
      const isCommon = value >= 0 && value < this.common.length - SPECIALS && Number.isInteger(value);
      return isCommon ? value + SPECIALS : -1;
    }
    return value === null ? 0 : value === false ? 1 : value === true ? 2 : -1;
  }

  /** The number of a value that has one. */
  known(value: Json): number | undefined {
    const place = this.place(value);
    if (place >= 0) return this.common[place] === 0 ? undefined : this.common[place]! - 1;
    if (value === null || typeof value !== 'object') return this.plain?.get(value);
    return this.structured?.get(canonical(value));
  }

  value(id: number): Json {
    return this.values[id - this.first]!;
  }

  /** One more than the largest number given so far. */
  get end(): number {
    return this.first + this.values.length;
  }

  private add(value: Json): number {
    return this.first + this.values.push(value) - 1;
  }
}
