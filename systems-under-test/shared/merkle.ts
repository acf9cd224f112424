import { crc32, encode, type Json } from '../../harness/contract/index.ts';
import { hash32 } from './hash.ts';

/** Children of each node; the tree has two levels below its root. */
const FANOUT = 16;

/**
 * A Merkle tree over states by key (Merkle 1987; Dynamo, SOSP 2007, section 4.7): equal states have equal digests, and where two trees differ only the
 * keys of the leaves that differ need be compared. Digests have 32 bits: two different leaves look alike once in 2^32.
 *
 * Cost: linear in the bytes of all states, once; a comparison sends 16 numbers, and 16 more for each branch that differs.
 */
export class MerkleTree {
  private readonly leaves = new Uint32Array(FANOUT * FANOUT);
  /** Digests of the branches. */
  readonly branches: readonly number[];

  constructor(entries: Iterable<readonly [key: string, state: Json]>) {
    for (const [key, state] of entries) {
      const leaf = leafOf(key);
      // A sum, so that the order of the keys does not matter.
      this.leaves[leaf]! += crc32(encode([key, state]));
    }
    this.branches = Array.from({ length: FANOUT }, (_, branch) => hash32(this.leavesOf(branch).join(' ')));
  }

  leavesOf(branch: number): readonly number[] {
    return [...this.leaves.subarray(branch * FANOUT, (branch + 1) * FANOUT)];
  }

  /** Of the branches that differ from these, the digests of the leaves. */
  differing(branches: readonly number[]): readonly (readonly [branch: number, leaves: readonly number[]])[] {
    return this.branches.flatMap((digest, branch) =>
      digest === branches[branch] ? [] : [[branch, this.leavesOf(branch)] as const],
    );
  }

  /** The leaves that differ from those told of some branches. */
  leavesToExchange(told: readonly (readonly [branch: number, leaves: readonly number[]])[]): number[] {
    return told.flatMap(([branch, leaves]) =>
      this.leavesOf(branch).flatMap((digest, nth) => (digest === leaves[nth] ? [] : [branch * FANOUT + nth])),
    );
  }
}

/** The leaf under which a key stands. */
export function leafOf(key: string): number {
  return hash32(key) >>> 24;
}
