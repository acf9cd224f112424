import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafOf, MerkleTree } from './merkle.ts';

const states = fc.dictionary(fc.string({ maxLength: 3 }), fc.nat(3), { maxKeys: 30 });

describe('Merkle trees', () => {
  it('find exactly the leaves of the keys that differ, whatever the order of the keys', () => {
    fc.assert(
      fc.property(states, states, (a, b) => {
        const [mine, theirs] = [
          new MerkleTree(Object.entries(a)),
          new MerkleTree(Object.entries(b).reverse()),
        ];
        const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
        const differing = new Set(keys.filter((key) => a[key] !== b[key]).map(leafOf));
        const found = mine.leavesToExchange(theirs.differing(mine.branches));
        expect(new Set(found)).toEqual(differing);
      }),
    );
  });
});
