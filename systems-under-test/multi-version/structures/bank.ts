import type { Json } from '../../../harness/contract/index.ts';
import { GivenUp } from '../session.ts';
import type { Key } from '../transaction.ts';
import { type Structure, unknownOperation } from './structure.ts';

type Options = { readonly accounts: number; readonly total: number; readonly negativeBalances: boolean };
type Transfer = { readonly from: number; readonly to: number; readonly amount: number };

/** Before anything is moved, everybody has the same, and the first ones one more where it does not come out even. */
function opening({ accounts, total }: Options, account: number): number {
  return Math.floor(total / accounts) + (account < total % accounts ? 1 : 0);
}

const placeOf = (account: number): Key => `account ${account}`;

/** `read` of all accounts, one statement each, and `transfer` between two of them. An account that nobody wrote has its opening balance. */
export const bank: Structure = {
  operations: ['read', 'transfer'],
  work(request, given) {
    const options = given as Options;
    const balance = (value: Json, account: number) =>
      typeof value === 'number' ? value : opening(options, account);
    if (request.f === 'read') {
      return {
        readOnly: true,
        async run({ read }) {
          const balances: { [account: string]: Json } = {};
          for (let account = 0; account < options.accounts; account++)
            balances[account] = balance(await read(placeOf(account)), account);
          return balances;
        },
      };
    }
    if (request.f !== 'transfer') throw unknownOperation(request);
    const { from, to, amount } = request.value as Transfer;
    return {
      readOnly: false,
      async run({ read, write }) {
        const left = balance(await read(placeOf(from)), from) - amount;
        const right = balance(await read(placeOf(to)), to) + amount;
        if (left < 0 && !options.negativeBalances) throw new GivenUp('insufficient-funds');
        await write(placeOf(from), left);
        await write(placeOf(to), right);
        return request.value;
      },
    };
  },
};
