import type { Json } from '../../../harness/contract/index.ts';
import { look, placeOf, type Structure, unknownOperation, update } from './structure.ts';

function numberIn(value: Json): number {
  return typeof value === 'number' ? value : 0;
}

/** `add` and `read` of a counter: an addition reads the sum and writes it back. */
export const counter: Structure = {
  operations: ['add', 'read'],
  work(request) {
    const place = placeOf(request, 'counter');
    if (request.f === 'read') return look(place, numberIn);
    if (request.f !== 'add') throw unknownOperation(request);
    const { value } = request;
    return update(place, (sum) => ({ next: numberIn(sum) + numberIn(value), result: value }));
  },
};

/** `generate`: numbers from a sequence. */
export const uniqueIds: Structure = {
  operations: ['generate'],
  work(request) {
    if (request.f !== 'generate') throw unknownOperation(request);
    return update(placeOf(request, 'sequence'), (last) => ({
      next: numberIn(last) + 1,
      result: numberIn(last) + 1,
    }));
  },
};
