/** An order that is told for some pairs of operations and derived, step by step, for others. */
export class DerivedOrder {
  private readonly told: (operation: number) => readonly number[];
  private readonly derivations: readonly { readonly before: number; readonly after: number }[];
  /** Numbers of derivations, by what comes after. */
  private readonly into = new Map<number, number[]>();

  /** @param told what comes right before an operation without any derivation. */
  constructor(
    told: (operation: number) => readonly number[],
    derivations: readonly { readonly before: number; readonly after: number }[],
  ) {
    this.told = told;
    this.derivations = derivations;
    derivations.forEach(({ after }, n) => {
      const numbers = this.into.get(after);
      if (numbers === undefined) this.into.set(after, [n]);
      else numbers.push(n);
    });
  }

  /** A shortest way from one operation to another (or back to itself), by derivations below the limit; empty if there is none. */
  path(from: number, to: number, limit: number): number[] {
    const next = new Map<number, number>();
    const queue = [to];
    for (let i = 0; i < queue.length && !next.has(from); i++) {
      for (const before of this.before(queue[i]!, limit)) {
        if (next.has(before) || (before === to && before !== from)) continue;
        next.set(before, queue[i]!);
        queue.push(before);
      }
    }
    if (!next.has(from)) return [];
    const path = [from];
    for (let at = next.get(from); at !== undefined; at = at === to ? undefined : next.get(at)) path.push(at);
    return path;
  }

  derivationOf(before: number, after: number, limit: number): number {
    return (
      (this.into.get(after) ?? []).find((n) => n < limit && this.derivations[n]!.before === before) ?? -1
    );
  }

  /** Whether the order of two neighbours on a path is told. */
  follows(before: number, operation: number): boolean {
    return this.told(operation).includes(before);
  }

  /**
   * The derivations on which a path rests, directly or through others, ascending, each with the path that it follows from.
   *
   * @param ground the path from which derivation n follows, by derivations below the limit.
   */
  grounds(
    path: readonly number[],
    limit: number,
    ground: (n: number) => readonly number[],
  ): Map<number, readonly number[]> {
    const found = new Map<number, readonly number[]>();
    const open = this.derivedIn(path, limit);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (found.has(next)) continue;
      const way = ground(next);
      found.set(next, way);
      open.push(...this.derivedIn(way, next));
    }
    return new Map([...found].sort(([a], [b]) => a - b));
  }

  private derivedIn(path: readonly number[], limit: number): number[] {
    const found: number[] = [];
    for (let i = 1; i < path.length; i++) {
      if (!this.follows(path[i - 1]!, path[i]!)) found.push(this.derivationOf(path[i - 1]!, path[i]!, limit));
    }
    return found;
  }

  private before(operation: number, limit: number): number[] {
    const derived = (this.into.get(operation) ?? []).filter((n) => n < limit);
    return [...this.told(operation), ...derived.map((n) => this.derivations[n]!.before)];
  }
}
