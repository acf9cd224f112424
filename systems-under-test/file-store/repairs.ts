import type { Nanos, Random } from '../../harness/contract/index.ts';
import { type Chunk, idOf, parseId } from './chunk.ts';
import type { Locations } from './locations.ts';
import type { FileStoreOptions } from './options.ts';
import { place } from './placement.ts';

/** How often a server may have been asked for its orders before another one gets them. */
const PATIENCE = 5;

interface Order {
  readonly id: string;
  readonly target: string;
  readonly until: Nanos;
  taken: boolean;
}

/** Keeps the number of copies of each chunk: orders new ones where there are too few, and says which one is too many. */
export class Repairs {
  private readonly locations: Locations;
  private readonly options: FileStoreOptions;
  private readonly now: () => Nanos;
  private readonly random: Random;
  private readonly orders = new Map<string, Order>();
  /** Before that it cannot tell a dead server from one that has not reported yet. */
  private readonly notBefore: Nanos;

  constructor(locations: Locations, options: FileStoreOptions, now: () => Nanos, random: Random) {
    this.locations = locations;
    this.options = options;
    this.now = now;
    this.random = random;
    this.notBefore = now() + options.deadAfter;
  }

  /** Servers for so many copies of a chunk. */
  choose(chunk: Chunk, copies: number, avoid: readonly string[]): string[] {
    return place(this.random.shuffle(this.locations.candidates(avoid, chunk)), copies);
  }

  hasEnough(chunk: Chunk): boolean {
    return this.locations.holders(chunk).length >= this.options.copies;
  }

  /** Of more copies than wanted the one of the last server goes: always the same one, whoever asks. */
  isExcess(server: string, chunk: Chunk): boolean {
    const holders = this.locations.holders(chunk);
    return holders.length > this.options.copies && holders.at(-1) === server;
  }

  /** Orders a copy of a committed chunk if there are too few. */
  look(chunk: Chunk): 'enough' | 'few' | 'none' {
    const id = idOf(chunk);
    const holders = this.locations.holders(chunk);
    if (holders.length >= this.options.copies) {
      this.orders.delete(id);
      return 'enough';
    }
    if (holders.length === 0) return 'none';
    if (this.now() < this.notBefore) return 'few';
    const order = this.orders.get(id);
    if (order !== undefined && order.until > this.now()) return 'few';
    // Whoever had the last order could not carry it out.
    const except = order === undefined ? holders : [...holders, order.target];
    const racks = this.locations.racksOf(holders);
    const target = place(this.random.shuffle(this.locations.candidates(except)), 1, racks)[0];
    this.orders.delete(id);
    if (target === undefined) return 'few';
    const until = this.now() + PATIENCE * this.options.reportInterval;
    this.orders.set(id, { id, target, until, taken: false });
    return 'few';
  }

  /** What this server has yet to copy, and from whom. `evenDamaged`: from damaged copies, too. */
  take(server: string, evenDamaged: boolean): { id: string; from: string[] }[] {
    const orders = [...this.orders.values()].filter(({ target, taken }) => target === server && !taken);
    return orders.map((order) => {
      order.taken = true;
      const chunk = parseId(order.id);
      const damaged = evenDamaged ? this.locations.damaged(chunk) : [];
      return { id: order.id, from: [...damaged, ...this.locations.holders(chunk)] };
    });
  }
}
