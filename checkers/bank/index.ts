import type { Json, OperationPair } from '../../histories/index.ts';
import { Pace } from '../budget.ts';
import type { Anomaly, Checker } from '../checker.ts';
import { Reports } from '../shared/reports.ts';
import { HARMLESS_OPTION, type HarmlessOption, structuresOf } from '../shared/structures.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { describeOperation, indicesOf, inWords } from '../shared/words.ts';
import { forbidding, isClaimed, UNCLAIMED_OPTION, type UnclaimedOption } from '../transactions/claimed.ts';
import { type Balances, balancesOf } from './balances.ts';

export type BankOptions = UnclaimedOption &
  HarmlessOption & {
    /** Sum of all balances at every moment. If absent, all reads must agree on one. */
    readonly total?: number;
    /** Names of all accounts. If absent, any account may exist. */
    readonly accounts?: readonly (string | number)[];
    /** Balances may be below zero. */
    readonly negativeBalances?: boolean;
  };

/** What is wrong with a read: the name of the anomaly, and the sentence that follows the operation. */
type Fault = readonly [name: string, why: string, account?: string];

/**
 * Money moves and never appears or vanishes: `transfer` of `{from, to, amount}`, and `read` of all accounts at once, `{account: balance}`. However
 * transfers interleave, and whether or not indeterminate ones happened, every read of a snapshot shows each account once and the same total: so each read is judged by itself.
 * Known since Jepsen's tests of Galera and CockroachDB. The anomalies:
 *
 * - `wrong-total`: half of a transfer was seen (read skew), or an update was lost before;
 * - `negative-balance`: more was taken than there was;
 * - `nil-balance`: an account without a number; `unexpected-account`: one that should not exist.
 *
 * Only histories are judged that claim a model without read skew and lost updates (consistent view, parallel snapshot isolation and stronger), or claim nothing.
 * Which transfers a read has seen, and how old it is, is not judged. With keys, each key is a bank of its own.
 */
export const bank: Checker<BankOptions> = {
  name: 'bank',
  summary: 'transfers between accounts keep the total: snapshots without read skew or lost updates',
  cost: 'linear in the balances read',
  options: {
    type: 'object',
    properties: {
      ...UNCLAIMED_OPTION,
      ...HARMLESS_OPTION,
      total: {
        description: 'sum of all balances; if absent, all reads must agree on one',
        type: 'number',
      },
      accounts: {
        description: 'names of all accounts; if absent, any account may exist',
        type: 'array',
        items: { anyOf: [{ type: 'string' }, { type: 'number' }] },
      },
      negativeBalances: { description: 'balances may be below zero', type: 'boolean', default: false },
    },
    additionalProperties: false,
  },
  check(history, options, budget) {
    const { structures, figures, reason } = structuresOf(history, ['transfer', 'read'], options);
    if (reason !== undefined) return verdictOf(this.name, { anomalies: [], reason }, figures);
    const reports = new Reports();
    const pace = new Pace(budget ?? {});
    const counts = { reads: 0, transfers: 0, wrongReads: 0 };
    for (const { key, pairs } of structures) {
      let first: { readonly pair: OperationPair; readonly total: number } | undefined;
      for (const pair of pairs) {
        const { invocation, completion } = pair;
        if (invocation.f === 'transfer') {
          if (completion?.type !== 'fail') counts.transfers++;
          continue;
        }
        if (completion?.type !== 'ok') continue;
        const balances = balancesOf(completion.value);
        if (pace.over(1 + balances.entries.length)) break;
        counts.reads++;
        const faults = faultsOf(balances, options);
        for (const fault of faults) reportOn(reports, key, pair, fault);
        const expected = options.total ?? first?.total ?? balances.total;
        const wrong = balances.whole && balances.total !== expected;
        if (wrong) {
          const witness = options.total === undefined ? first?.pair : undefined;
          reportOn(reports, key, pair, ['wrong-total', wrongTotal(balances, expected, witness)], witness);
        }
        if (balances.whole) first ??= { pair, total: balances.total };
        if (wrong || faults.length > 0) counts.wrongReads++;
      }
    }
    const all = { ...figures, ...counts };
    if (!isClaimed(history, options, forbidding('G-single'))) {
      const judged = `${history.header.claims?.consistency} promises no snapshots`;
      return verdictOf(this.name, { anomalies: [] }, { ...all, judged });
    }
    const outOfTime = pace.reason(counts.reads, 'the reads');
    const untested = outOfTime === undefined ? nothing(counts) : { reason: outOfTime };
    return verdictOf(this.name, { anomalies: reports.anomalies, ...untested }, all);
  },
};

function nothing({ reads, transfers }: { readonly reads: number; readonly transfers: number }) {
  if (reads === 0) return { reason: 'no read was acknowledged' };
  return transfers === 0 ? { reason: 'no transfer may have happened' } : {};
}

function faultsOf({ entries, other }: Balances, options: BankOptions): Fault[] {
  const { accounts, negativeBalances = false } = options;
  if (other !== undefined)
    return [['nil-balance', `The read shows ${inWords(other)}, which is no balance of any account.`]];
  const faults: Fault[] = [];
  const expected = accounts === undefined ? undefined : new Set(accounts.map(String));
  for (const [account, balance] of entries) {
    if (expected !== undefined && !expected.has(account))
      faults.push(['unexpected-account', `There is no account ${account}.`, account]);
    else if (typeof balance !== 'number')
      faults.push(['nil-balance', `The balance of account ${account} is ${inWords(balance)}.`, account]);
    else if (balance < 0 && !negativeBalances)
      faults.push([
        'negative-balance',
        `The balance of account ${account} is ${balance}, below zero.`,
        account,
      ]);
  }
  const shown = new Set(entries.map(([account]) => account));
  for (const account of expected ?? []) {
    if (!shown.has(account)) faults.push(['nil-balance', `Account ${account} is missing.`, account]);
  }
  return faults;
}

function wrongTotal({ entries, total }: Balances, expected: number, witness?: OperationPair): string {
  const sum = entries.length <= 12 ? `${entries.map(([, balance]) => String(balance)).join(' + ')} = ` : '';
  const should =
    witness === undefined
      ? `the total is ${expected}`
      : `${describeOperation(witness)} shows a total of ${expected}`;
  return `The balances add up to ${sum}${total}, but ${should}: ${Math.abs(total - expected)} ${total < expected ? 'are missing' : 'too many'}. Transfers keep the total, so no snapshot looks like this.`;
}

function reportOn(
  reports: Reports,
  key: string | number | undefined,
  pair: OperationPair,
  [name, why, account]: Fault,
  witness?: OperationPair,
): void {
  reports.add(name, (): Omit<Anomaly, 'name'> => {
    const data: Json = { ...(account !== undefined && { account }), read: pair.completion!.value };
    return {
      ...(key !== undefined && { key }),
      explanation: `${capital(describeOperation(pair))}. ${why}`,
      operations: indicesOf(witness === undefined ? [pair] : [witness, pair]),
      data,
    };
  });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
