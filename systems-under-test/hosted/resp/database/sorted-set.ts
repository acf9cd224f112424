import { compareBytes } from '../protocol/bytes.ts';

export interface Scored {
  readonly member: string;
  readonly score: number;
}

/** Members ordered by score, then by their bytes. Look-ups by member take constant time, places logarithmic, changes linear (a memory move). */
export class SortedSet {
  private readonly scores = new Map<string, number>();
  private readonly order: Scored[] = [];

  get size(): number {
    return this.order.length;
  }

  score(member: string): number | undefined {
    return this.scores.get(member);
  }

  /** Members from lowest to highest. */
  all(): readonly Scored[] {
    return this.order;
  }

  at(rank: number): Scored | undefined {
    return this.order[rank];
  }

  /** The first place at which the entry is not before this one. */
  private place(score: number, member: string): number {
    return this.first((entry) => entry.score > score || (entry.score === score && entry.member >= member));
  }

  /** The first place for which this holds, of a condition that holds from some place on. */
  first(holds: (entry: Scored) => boolean): number {
    let low = 0;
    let high = this.order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(this.order[middle]!)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  rank(member: string): number | undefined {
    const score = this.scores.get(member);
    return score === undefined ? undefined : this.place(score, member);
  }

  /** A negative zero becomes zero, as in Redis's small sorted sets. */
  set(member: string, given: number): void {
    const score = given === 0 ? 0 : given;
    const old = this.scores.get(member);
    if (old !== undefined) {
      if (old === score) return;
      this.order.splice(this.place(old, member), 1);
    }
    this.scores.set(member, score);
    this.order.splice(this.place(score, member), 0, { member, score });
  }

  delete(member: string): boolean {
    const score = this.scores.get(member);
    if (score === undefined) return false;
    this.order.splice(this.place(score, member), 1);
    return this.scores.delete(member);
  }

  /** A set of these, the last score of a member standing. */
  static of(entries: Iterable<Scored>): SortedSet {
    const set = new SortedSet();
    for (const { member, score } of entries) set.scores.set(member, score);
    for (const [member, score] of set.scores) set.order.push({ member, score });
    set.order.sort((a, b) => a.score - b.score || compareBytes(a.member, b.member));
    return set;
  }
}
