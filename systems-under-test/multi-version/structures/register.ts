import { GivenUp } from '../session.ts';
import { listIn, look, placeOf, type Structure, unknownOperation } from './structure.ts';

/** `read`, `write` and `cas`. */
export const register: Structure = {
  operations: ['read', 'write', 'cas'],
  work(request) {
    const place = placeOf(request, 'register');
    const { f, value } = request;
    if (f === 'read') return look(place, (current) => current);
    if (f === 'write') {
      return {
        readOnly: false,
        async run({ write }) {
          await write(place, value);
          return value;
        },
      };
    }
    if (f !== 'cas') throw unknownOperation(request);
    const [expected, next] = listIn(value);
    return {
      readOnly: false,
      async run({ read, write }) {
        const current = await read(place);
        if (JSON.stringify(current) !== JSON.stringify(expected)) throw new GivenUp('cas-mismatch');
        await write(place, next ?? null);
        return value;
      },
    };
  },
};
