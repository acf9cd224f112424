import { hash32 } from '../../shared/hash.ts';
import { GivenUp } from '../session.ts';
import { listIn, placeOf, type Structure, unknownOperation } from './structure.ts';

/**
 * `insert` of `[a, null]` into one table or `[null, b]` into another, if there is no row of the key in either: Adya's example of an
 * anti-dependency cycle.
 */
export const g2: Structure = {
  operations: ['insert'],
  work(request) {
    if (request.f !== 'insert') throw unknownOperation(request);
    const [a, b] = listIn(request.value);
    const key = String(request.key);
    return {
      readOnly: false,
      async run({ read, write }) {
        const rows = [await read(`a/${key}`), await read(`b/${key}`)];
        if (rows.some((row) => row !== null)) throw new GivenUp('too-late');
        await write(a === null ? `b/${key}` : `a/${key}`, (a === null ? b : a) ?? null);
        return request.value;
      },
    };
  },
};

const TABLES = 4;

/** `write` inserts a row, blindly, into one of several tables; `read` shows the rows of all, one statement for each table. */
export const rows: Structure = {
  operations: ['write', 'read'],
  work(request) {
    const place = placeOf(request, 'rows');
    const table = (nth: number) => `${place}/${nth}`;
    if (request.f === 'read') {
      return {
        readOnly: true,
        async run({ read }) {
          const found = [];
          for (let nth = 0; nth < TABLES; nth++) found.push(...listIn(await read(table(nth))));
          return found;
        },
      };
    }
    if (request.f !== 'write') throw unknownOperation(request);
    return {
      readOnly: false,
      async run({ append }) {
        await append(table(hash32(JSON.stringify(request.value)) % TABLES), request.value);
        return request.value;
      },
    };
  },
};
