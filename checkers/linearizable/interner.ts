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
  private readonly plain = new Map<Json, number>();
  private readonly structured = new Map<string, number>();

  constructor(first = 0) {
    this.first = first;
  }

  id(value: Json): number {
    const isPlain = value === null || typeof value !== 'object';
    const known = isPlain ? this.plain.get(value) : this.structured.get(canonical(value));
    if (known !== undefined) return known;
    const id = this.first + this.values.length;
    this.values.push(value);
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
}
