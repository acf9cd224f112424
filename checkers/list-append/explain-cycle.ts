import type { Json } from '../../histories/index.ts';
import { inWords, list } from '../shared/words.ts';
import type { CycleStep } from '../transactions/cycle-classes.ts';
import type { CycleTeller, Told } from '../transactions/explain-cycle.ts';
import { RW, WR, WW } from '../transactions/graph.ts';
import type { TransactionTable } from '../transactions/transaction-table.ts';
import { keyInWords } from '../transactions/transaction-words.ts';
import { listInWords, microInWords } from './list-words.ts';
import type { MicroOperations } from './micro-operations.ts';
import type { VersionOrders } from './version-orders.ts';

/** What the explanations of one history share. */
export interface Evidence {
  readonly table: TransactionTable;
  readonly micros: MicroOperations;
  readonly versions: VersionOrders;
}

/** Tells dependencies between lists with the reads that prove them. */
export function listTeller(evidence: Evidence): CycleTeller {
  const { micros, versions } = evidence;
  const { appends, keys } = micros;
  return {
    micro: microInWords,
    witnesses({ type, reason }) {
      const witness = type === WW ? witnessOf(evidence, appends.key[reason]!) : -1;
      return witness < 0 ? [] : [witness];
    },
    tell(step, named): Told {
      const from = named.name(step.from);
      const to = named.name(step.to);
      const keyId = appends.key[step.reason]!;
      const key = keys[keyId]!;
      const x = keyInWords(key);
      const value = appends.value[step.reason]!;
      const element = inWords(value);
      if (step.type === WR) {
        const seen = readOf(evidence, step.to, keyId);
        return {
          words: `${to} read ${x} = ${seen}, and so saw that ${from} had appended ${element}`,
          data: { key, value },
        };
      }
      if (step.type === RW) {
        const seen = readOf(evidence, step.from, keyId);
        return {
          words: `${from} read ${x} = ${seen}, and so did not see that ${to} appended ${element}`,
          data: { key, value },
        };
      }
      const before = previousBy(evidence, step);
      const shown = listInWords(micros.reads.list[versions.longest[keyId]!]!);
      const witness = named.name(witnessOf(evidence, keyId));
      const words =
        versions.position[step.reason]! >= 0
          ? `${witness} read ${x} = ${shown}: there ${to}'s ${element} comes after ${from}'s ${inWords(before)}`
          : `${witness} read ${x} = ${shown}: there is ${from}'s ${inWords(before)}, but not yet ${to}'s ${element}, which was therefore appended later`;
      return { words, data: { key, value: before, next: value } };
    },
  };
}

function previousBy({ micros: { appends }, versions }: Evidence, { from, reason }: CycleStep): Json {
  const key = appends.key[reason]!;
  const start = versions.from[key]!;
  const at = versions.position[reason]! < 0 ? versions.from[key + 1]! - start : versions.position[reason]!;
  for (let i = at - 1; i >= 0; i--) {
    const append = versions.order[start + i]!;
    if (append >= 0 && appends.transaction[append] === from) return appends.value[append]!;
  }
  return null;
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
