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

/** Numbers JSON values from `first` upwards, equal values alike. */
export class Interner {
  readonly values: Json[] = [];
  private readonly first: number;
  /** Numbers of small integers, one more, 0 for none: by far the most common values, and a map of a million is slow. */
  private readonly small: Int32Array;
  private readonly plain = new Map<Json, number>();
  private readonly structured = new Map<string, number>();

  /** `expected`: about how many values there will be; integers up to four times that are found without hashing. */
  constructor(first = 0, expected = 0) {
    this.first = first;
    this.small = new Int32Array(4 * expected);
  }

  id(value: Json): number {
    if (typeof value === 'number' && value < this.small.length && value >= 0 && Number.isInteger(value)) {
      if (this.small[value] === 0) this.small[value] = this.add(value) + 1;
      return this.small[value]! - 1;
    }
    const isPlain = value === null || typeof value !== 'object';
    const known = isPlain ? this.plain.get(value) : this.structured.get(canonical(value));
    if (known !== undefined) return known;
    const id = this.add(value);
    if (isPlain) this.plain.set(value, id);
    else this.structured.set(canonical(value), id);
    return id;
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
