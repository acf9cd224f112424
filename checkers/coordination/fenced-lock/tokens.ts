import type { Hold } from './holds.ts';

export interface Misordered {
  readonly earlier: Hold;
  readonly later: Hold;
  /** They are equal, and which acquisition came first may not be known. */
  readonly equal: boolean;
}

/**
 * Tokens that are not larger than one before. `holds` are in the order of completion, which is the order of acquisition if `ordered`; otherwise one acquisition is
 * before another if it was over before that was invoked. For each later one the largest token before it. Cost: n log n.
 */
export function misorderedTokens(holds: readonly Hold[], ordered: boolean): Misordered[] {
  const found: Misordered[] = [];
  const known = new Map<number, Hold>();
  const withToken = holds.filter(({ token }) => token !== undefined);
  const byInvocation = ordered
    ? withToken
    : [...withToken].sort((a, b) => a.acquire.invocation.index - b.acquire.invocation.index);
  let over = 0;
  let largest: Hold | undefined;
  for (const hold of byInvocation) {
    const token = hold.token!;
    for (; over < withToken.length; over++) {
      const other = withToken[over]!;
      if (ordered ? other === hold : other.from > hold.acquire.invocation.index) break;
      if (largest === undefined || other.token! > largest.token!) largest = other;
    }
    const same = known.get(token);
    if (same !== undefined) found.push({ earlier: same, later: hold, equal: true });
    else if (largest !== undefined && largest.token! > token) {
      found.push({ earlier: largest, later: hold, equal: false });
    }
    known.set(token, hold);
  }
  return found;
}
