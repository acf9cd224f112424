import type { Json, Request } from '../../../harness/contract/index.ts';
import { GivenUp, type Statements } from '../session.ts';
import type { Key } from '../transaction.ts';
import { listIn, type Structure, unknownOperation } from './structure.ts';

/** `txn` with micro-operations `["r", key, null]`, `["w", key, value]` and `["append", key, element]`: statement by statement. */
export const transactions: Structure = {
  operations: ['txn', 'txn/r', 'txn/w', 'txn/append'],
  work(request: Request) {
    if (request.f !== 'txn') throw unknownOperation(request);
    const micros = listIn(request.value).map((micro) => listIn(micro));
    return {
      readOnly: micros.every(([f]) => f === 'r'),
      async run(statements) {
        const done: Json[] = [];
        for (const [f, key, value] of micros)
          done.push([f!, key!, await carryOut(statements, f, key, value)]);
        return done;
      },
    };
  },
};

async function carryOut(
  { read, write, append }: Statements,
  f: Json | undefined,
  key: Json | undefined,
  value: Json = null,
): Promise<Json> {
  if (f === 'r') return read(key as Key);
  if (f === 'w') await write(key as Key, value);
  else if (f === 'append') await append(key as Key, value);
  else throw new GivenUp(`unknown micro-operation ${JSON.stringify(f)}`);
  return value;
}
