import type { Json } from '../../../harness/contract/index.ts';
import { GivenUp } from '../session.ts';
import { listIn, look, placeOf, type Structure, unknownOperation, update } from './structure.ts';

/** `add`, `remove`, `contains` and `read` of a set, which is stored as one value: an update reads it and writes it back. */
export const set: Structure = {
  operations: ['add', 'remove', 'contains', 'read'],
  work(request) {
    const { f, value } = request;
    const place = placeOf(request, 'set');
    const has = (items: Json) => listIn(items).includes(value);
    if (f === 'read') return look(place, listIn);
    if (f === 'contains') return look(place, has);
    if (f === 'add')
      return update(place, (items) => ({
        next: has(items) ? items : [...listIn(items), value],
        result: value,
      }));
    if (f !== 'remove') throw unknownOperation(request);
    return update(place, (items) => ({
      next: listIn(items).filter((item) => item !== value),
      result: value,
    }));
  },
};

/** `enqueue`, `dequeue` and `drain` of a first-in-first-out queue, stored as one value. */
export const queue: Structure = {
  operations: ['enqueue', 'dequeue', 'drain'],
  work(request) {
    const { f, value } = request;
    const place = placeOf(request, 'queue');
    if (f === 'enqueue')
      return update(place, (items) => ({ next: [...listIn(items), value], result: value }));
    if (f === 'drain') return update(place, (items) => ({ next: [], result: listIn(items) }));
    if (f !== 'dequeue') throw unknownOperation(request);
    return update(place, (items) => {
      const [first, ...rest] = listIn(items);
      if (first === undefined) throw new GivenUp('empty');
      return { next: rest, result: first };
    });
  },
};

/** `push` and `pop` of a stack, stored as one value. */
export const stack: Structure = {
  operations: ['push', 'pop'],
  work(request) {
    const { f, value } = request;
    const place = placeOf(request, 'stack');
    if (f === 'push') return update(place, (items) => ({ next: [...listIn(items), value], result: value }));
    if (f !== 'pop') throw unknownOperation(request);
    return update(place, (items) => {
      const last = listIn(items).at(-1);
      if (last === undefined) throw new GivenUp('empty');
      return { next: listIn(items).slice(0, -1), result: last };
    });
  },
};
