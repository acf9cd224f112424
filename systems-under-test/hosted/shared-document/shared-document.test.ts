import { expect, it } from 'vitest';
import * as Y from 'yjs';

/** Two copies, one with the smaller client number. */
const copies = (): [Y.Doc, Y.Doc] => {
  const [small, large] = [new Y.Doc(), new Y.Doc()];
  small.clientID = 1;
  large.clientID = 2;
  return [small, large];
};

const exchange = (a: Y.Doc, b: Y.Doc): void => {
  const [ofA, ofB] = [Y.encodeStateAsUpdate(a), Y.encodeStateAsUpdate(b)];
  Y.applyUpdate(a, ofB);
  Y.applyUpdate(b, ofA);
};

it('a set made of a Y.Map loses an addition to a removal that was over before; one made of a list does not', () => {
  const [small, large] = copies();
  const map = (doc: Y.Doc) => doc.getMap('map');
  const list = (doc: Y.Doc) => doc.getArray('list');
  map(small).set('x', true);
  list(small).push(['x']);
  exchange(small, large);
  map(large).set('x', true);
  map(large).delete('x');
  list(large).push(['x']);
  list(large).delete(0, 2);
  // Later, without having heard of it.
  map(small).set('x', true);
  list(small).push(['x']);
  exchange(small, large);
  for (const doc of [small, large]) {
    expect(map(doc).toJSON()).toEqual({});
    expect(list(doc).toJSON()).toEqual(['x']);
  }
});
