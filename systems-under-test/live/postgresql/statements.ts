import type { Json, Request } from '../../../harness/contract/index.ts';
import type { Session } from './session.ts';

type Micro = readonly [f: string, key: number, value: Json];

/** What an operation does in the database. Resolves with its value. */
export type Work = (session: Session) => Promise<Json>;

/** Operations of a single statement, which is a transaction of its own. */
export function statementOf({ f, key, value }: Request): Work | undefined {
  if (f === 'add')
    return async (session) => {
      await session.query('INSERT INTO elements VALUES ($1, $2)', [key, value]);
      return value;
    };
  if (f === 'read' && key !== undefined)
    return async (session) => {
      const { rows } = await session.query('SELECT v FROM elements WHERE k = $1', [key]);
      return (rows as { v: string }[]).map(({ v }) => Number(v));
    };
  return undefined;
}

/** Operations of several statements, to be carried out in one transaction. */
export function transactionOf({ f, value }: Request, ofLists: boolean): Work {
  switch (f) {
    case 'txn':
      return async (session) => {
        const done: Json[] = [];
        for (const micro of value as unknown as readonly Micro[])
          done.push(await microOf(session, micro, ofLists));
        return done;
      };
    case 'read':
      return async (session) => {
        const { rows } = await session.query('SELECT id, balance FROM accounts ORDER BY id');
        return Object.fromEntries(
          (rows as { id: number; balance: string }[]).map(({ id, balance }) => [String(id), Number(balance)]),
        );
      };
    case 'transfer':
      return (session) => transfer(session, value as { from: number; to: number; amount: number });
    default:
      throw new RangeError(`expected txn, add, read or transfer, got ${f}`);
  }
}

async function microOf(session: Session, [f, key, value]: Micro, ofLists: boolean): Promise<Json> {
  const name = String(key);
  if (f === 'append') {
    const text = 'INSERT INTO lists VALUES ($1, $2) ON CONFLICT (k) DO UPDATE SET v = lists.v || $3';
    await session.query(text, [name, String(value), `,${value}`]);
    return [f, key, value];
  }
  if (f === 'w') {
    const text = 'INSERT INTO registers VALUES ($1, $2) ON CONFLICT (k) DO UPDATE SET v = excluded.v';
    await session.query(text, [name, value]);
    return [f, key, value];
  }
  const { rows } = await session.query(`SELECT v FROM ${ofLists ? 'lists' : 'registers'} WHERE k = $1`, [
    name,
  ]);
  const text = (rows as { v: string }[])[0]?.v;
  if (text === undefined) return [f, key, ofLists ? [] : null];
  return [f, key, ofLists ? text.split(',').map(Number) : Number(text)];
}

/** Reads both balances and writes what it computed: as programs do that keep their logic to themselves. */
async function transfer(
  session: Session,
  move: { readonly from: number; readonly to: number; readonly amount: number },
): Promise<Json> {
  const balance = async (id: number): Promise<number> => {
    const { rows } = await session.query('SELECT balance FROM accounts WHERE id = $1', [id]);
    return Number((rows as { balance: string }[])[0]!.balance);
  };
  const [from, to] = [await balance(move.from), await balance(move.to)];
  if (from < move.amount) throw new Declined('insufficient funds');
  const update = 'UPDATE accounts SET balance = $2 WHERE id = $1';
  await session.query(update, [move.from, from - move.amount]);
  await session.query(update, [move.to, to + move.amount]);
  return { ...move };
}

/** The program itself gives the transaction up. */
export class Declined extends Error {}
