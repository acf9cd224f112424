import { HostError } from '../../harness/contract/index.ts';
import type { RegionTable } from '../shared/region-table.ts';

/** What one block is worth, and how many answers under way need it. */
interface Entry {
  pins: number;
}

/**
 * The cached keys and values of one worker, block by block under the name of the prefix that ends with it (the hashes of vLLM's automatic
 * prefix caching: Kwon et al., "Efficient Memory Management for Large Language Model Serving with PagedAttention", SOSP 2023). Bounded: the least recently used goes first, but none
 * that an answer under way needs.
 */
export class PrefixCache {
  private readonly values: RegionTable;
  private readonly most: number;
  /** Least recently used first. */
  private readonly entries = new Map<string, Entry>();

  constructor(values: RegionTable, most: number) {
    this.values = values;
    this.most = most;
  }

  /** The keys and values of the longest cached prefix, block by block; they are pinned until `release`. A damaged one counts as not cached. */
  take(names: readonly string[]): number[] {
    const found: number[] = [];
    for (const name of names) {
      const entry = this.entries.get(name);
      if (entry === undefined) break;
      const value = this.read(name);
      if (value === undefined) {
        if (entry.pins === 0) this.drop(name);
        break;
      }
      entry.pins++;
      this.touch(name, entry);
      found.push(value);
    }
    return found;
  }

  /** Adds a block and pins it. @returns False if there is no room: then it is not pinned. */
  add(name: string, value: number): boolean {
    const known = this.entries.get(name);
    if (known === undefined && !this.makeRoom()) return false;
    const entry = known ?? { pins: 0 };
    // Written anew even if it was known: what is there may be damaged.
    this.values.set(name, value);
    entry.pins++;
    this.touch(name, entry);
    return true;
  }

  release(names: readonly string[]): void {
    for (const name of names) {
      const entry = this.entries.get(name);
      if (entry !== undefined) entry.pins--;
    }
  }

  private makeRoom(): boolean {
    if (this.entries.size < this.most) return true;
    for (const [name, { pins }] of this.entries) {
      if (pins > 0) continue;
      this.drop(name);
      return true;
    }
    return false;
  }

  private read(name: string): number | undefined {
    try {
      const value = this.values.get(name);
      return typeof value === 'number' ? value : undefined;
    } catch (error) {
      if (error instanceof HostError) return undefined;
      throw error;
    }
  }

  private touch(name: string, entry: Entry): void {
    this.entries.delete(name);
    this.entries.set(name, entry);
  }

  private drop(name: string): void {
    this.entries.delete(name);
    this.values.delete(name);
  }
}
