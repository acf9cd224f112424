import type { Json } from '../../histories/index.ts';
import type { Anomaly } from '../checker.ts';
import type { CycleStep } from '../transactions/cycle-classes.ts';
import type { FoundCycle } from '../transactions/find-cycles.ts';
import { PROCESS, REALTIME, RW, WR, WW } from '../transactions/graph.ts';
import type { TransactionTable } from '../transactions/transaction-table.ts';
import { inWords, list } from '../words.ts';
import type { MicroOperations } from './micro-operations.ts';
import { keyInWords, listInWords, TransactionWords } from './transaction-words.ts';
import type { VersionOrders } from './version-orders.ts';

const TYPE_NAMES: { readonly [type: number]: string } = {
  [WW]: 'ww',
  [WR]: 'wr',
  [RW]: 'rw',
  [PROCESS]: 'process',
  [REALTIME]: 'realtime',
};

/** What the explanations of one history share. */
export interface Evidence {
  readonly table: TransactionTable;
  readonly micros: MicroOperations;
  readonly versions: VersionOrders;
}

/** One step in words and as data. */
interface Told {
  readonly words: string;
  readonly data: { readonly [name: string]: Json };
  /** Transactions that are not of the cycle but whose reads prove the step. */
  readonly witness: number;
}

/** Tells a cycle step by step, with the reads that prove each step, and as data: `{cycle: [{from, to, type, key, ...}], transactions}`. */
export function explainCycle(evidence: Evidence, { name, steps }: FoundCycle): Anomaly {
  const { table, micros, versions } = evidence;
  const witnesses = steps.flatMap(({ type, reason }) => {
    const witness = type === WW ? witnessOf(evidence, micros.appends.key[reason]!) : -1;
    return witness < 0 ? [] : [witness];
  });
  const words = new TransactionWords(table, [...steps.map(({ from }) => from), ...witnesses]);
  const told = steps.map((step) => tell(evidence, step, words));
  const chain = told.map(({ words: sentence }, i) => {
    const { from, to } = steps[i]!;
    const so = i === told.length - 1 ? 'However, ' : '';
    return `${so}${words.name(from)} < ${words.name(to)}, because ${sentence}${i === told.length - 1 ? ': a contradiction' : ''}.`;
  });
  const keys = new Set(
    told.flatMap(({ data }) => (data.key === undefined ? [] : [data.key as string | number])),
  );
  const [onlyKey] = keys;
  return {
    name,
    ...(keys.size === 1 && { key: onlyKey }),
    explanation: `${words.introduction()} ${chain.join(' ')}`,
    operations: words.operations(),
    data: { cycle: told.map(({ data }) => data), transactions: words.asData() },
  };

  function tell(
    { micros: { appends, keys }, versions: orders }: Evidence,
    step: CycleStep,
    named: TransactionWords,
  ): Told {
    const from = named.name(step.from);
    const to = named.name(step.to);
    const base = { from, to, type: TYPE_NAMES[step.type]! };
    if (step.type === PROCESS) {
      const process = table.processOf(step.from);
      return {
        words: `process ${process} ran ${from} before ${to}`,
        data: { ...base, process },
        witness: -1,
      };
    }
    if (step.type === REALTIME) {
      const ended = table.completion(step.from)!.index;
      const began = table.invocation(step.to).index;
      return {
        words: `${from} had completed (operation ${ended}) before ${to} was invoked (operation ${began})`,
        data: { ...base, completed: ended, invoked: began },
        witness: -1,
      };
    }
    const keyId = appends.key[step.reason]!;
    const key = keys[keyId]!;
    const x = keyInWords(key);
    const value = appends.value[step.reason]!;
    const element = inWords(value);
    if (step.type === WR) {
      const seen = readOf(evidence, step.to, keyId);
      return {
        words: `${to} read ${x} = ${seen}, and so saw that ${from} had appended ${element}`,
        data: { ...base, key, value },
        witness: -1,
      };
    }
    if (step.type === RW) {
      const seen = readOf(evidence, step.from, keyId);
      return {
        words: `${from} read ${x} = ${seen}, and so did not see that ${to} appended ${element}`,
        data: { ...base, key, value },
        witness: -1,
      };
    }
    const before = previousBy(evidence, step);
    const shown = listInWords(micros.reads.list[orders.longest[keyId]!]!);
    const witness = witnessOf(evidence, keyId);
    const place =
      orders.position[step.reason]! >= 0
        ? `${named.name(witness)} read ${x} = ${shown}: there ${to}'s ${element} comes after ${from}'s ${inWords(before)}`
        : `${named.name(witness)} read ${x} = ${shown}: there is ${from}'s ${inWords(before)}, but not yet ${to}'s ${element}, which was therefore appended later`;
    return { words: place, data: { ...base, key, value: before, next: value }, witness };
  }

  function previousBy({ micros: { appends } }: Evidence, { from, reason }: CycleStep): Json {
    const key = appends.key[reason]!;
    const start = versions.from[key]!;
    const at = versions.position[reason]! < 0 ? versions.from[key + 1]! - start : versions.position[reason]!;
    for (let i = at - 1; i >= 0; i--) {
      const append = versions.order[start + i]!;
      if (append >= 0 && appends.transaction[append] === from) return appends.value[append]!;
    }
    return null;
  }
}

/** The transaction whose read shows the order of the key. */
function witnessOf({ micros, versions }: Evidence, key: number): number {
  const read = versions.longest[key]!;
  return read < 0 ? -1 : micros.reads.transaction[read]!;
}

/** What a transaction first read of a key. */
function readOf(
  { micros: { reads }, versions: { readsOf } }: Evidence,
  transaction: number,
  key: number,
): string {
  for (let i = readsOf.from[key]!; i < readsOf.from[key + 1]!; i++) {
    const read = readsOf.items[i]!;
    if (reads.transaction[read] === transaction) return listInWords(reads.list[read]!);
  }
  return list(['?']);
}
