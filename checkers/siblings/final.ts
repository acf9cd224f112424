import type { Reports } from '../shared/reports.ts';
import { endOfPair } from '../shared/structures.ts';
import { describeOperation, indicesOf, inWords, list, ofKey } from '../shared/words.ts';
import { type Get, type Put, supersededBy, type Versions } from './versions.ts';

/** A get with what it shows, and all that it accounts for: shown, or superseded by what is. */
interface Account {
  readonly get: Get;
  readonly known: ReadonlySet<number>;
}

/** The gets at the end: nothing acknowledged is lost, and all are of one copy. */
export function judgeFinal(
  versions: Versions,
  final: readonly Get[],
  judged: { readonly losses: boolean; readonly divergence: boolean },
  reports: Reports,
): void {
  const accounts = final.map((get) => accountOf(versions, get));
  for (const put of versions.puts) {
    const before = accounts.filter(({ get }) => endOfPair(put.pair) < get.pair.invocation.index);
    const missing = before.find(({ known }) => !known.has(put.version));
    if (missing === undefined) continue;
    const other = accounts.find(({ known }) => known.has(put.version));
    if (other === undefined && judged.losses) lost(versions, put, missing.get, reports);
    if (other !== undefined && judged.divergence)
      diverged(versions, put.version, other.get, missing.get, reports);
  }
  if (judged.divergence) judgeOneCopy(versions, accounts, reports);
}

/** What is shown once is shown later, or superseded; of two gets at the same time, one shows what the other one does. */
function judgeOneCopy(versions: Versions, accounts: readonly Account[], reports: Reports): void {
  const gone = (from: Account, to: Account) => from.get.shown.find((version) => !to.known.has(version));
  accounts.forEach((first, nth) => {
    for (const second of accounts.slice(nth + 1)) {
      const forth = gone(first, second);
      const back = gone(second, first);
      const isBefore = endOfPair(first.get.pair) < second.get.pair.invocation.index;
      if (forth === undefined || (back === undefined && !isBefore)) continue;
      diverged(versions, forth, first.get, second.get, reports);
    }
  });
}

/** With quorums that meet: every get shows what was acknowledged before it. */
export function judgeRecent(versions: Versions, gets: readonly Get[], reports: Reports): void {
  for (const get of gets) {
    const { known } = accountOf(versions, get);
    const missed = versions.puts.find(
      ({ pair, version }) => endOfPair(pair) < get.pair.invocation.index && !known.has(version),
    );
    if (missed === undefined) continue;
    reports.add('stale', () => ({
      ...common(versions),
      explanation: `${describeOperation(get.pair)} shows neither ${inWords(versions.versions[missed.version]!.value)}${ofKey(versions.key)} nor a value whose writer had seen it, though it had been acknowledged before (${describeOperation(missed.pair)}).`,
      operations: indicesOf([missed.pair, get.pair]),
    }));
  }
}

function accountOf(versions: Versions, get: Get): Account {
  const known = supersededBy(versions, get.shown);
  for (const version of get.shown) known.add(version);
  return { get, known };
}

function lost(versions: Versions, { pair, version }: Put, get: Get, reports: Reports): void {
  const { value } = versions.versions[version]!;
  const followers = versions.puts.filter(
    (put) => put.pair.completion?.type !== 'fail' && versions.versions[put.version]!.seen.includes(version),
  );
  const who =
    followers.length === 0
      ? 'nobody who had seen it put another value'
      : `what was put by those who had seen it is not there either (${list(
          followers.map((put) => describeOperation(put.pair)),
          3,
        )})`;
  reports.add('lost', () => ({
    ...common(versions),
    explanation: `${inWords(value)} was put${ofKey(versions.key)} and acknowledged (${describeOperation(pair)}), and ${who}. But in the end ${describeOperation(get.pair)} shows neither it nor a value that supersedes it: it is lost.`,
    operations: indicesOf([pair, ...followers.slice(0, 32).map((put) => put.pair), get.pair]),
    data: { value },
  }));
}

function diverged(versions: Versions, version: number, one: Get, other: Get, reports: Reports): void {
  const { value } = versions.versions[version]!;
  reports.add('diverged', () => ({
    ...common(versions),
    explanation: `In the end the copies${ofKey(versions.key)} do not agree: ${describeOperation(one.pair)} knows of ${inWords(value)}, but ${describeOperation(other.pair)} shows neither it nor a value that supersedes it.`,
    operations: indicesOf([one.pair, other.pair]),
    data: { value },
  }));
}

function common({ key }: Versions) {
  return key === undefined ? {} : { key };
}
