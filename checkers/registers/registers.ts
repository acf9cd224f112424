import type { History, HistoryEvent, Json, OperationPair } from '../../histories/index.ts';
import { canonical, type Identity, identityOf } from '../shared/identity.ts';
import { pairsOf } from '../shared/pairs.ts';

/** How a history of registers is to be read. Shared by the checkers that judge reads and writes key by key. */
export type RegisterOptions = {
  /** What a key holds before anything was written to it. */
  readonly initial?: Json;
  /** Other operations of this history that do not change registers. A key with one that is not named here is not judged. */
  readonly harmless?: readonly string[];
};

/** The part of a checker's schema for `RegisterOptions`. */
export const REGISTER_OPTIONS = {
  initial: { description: 'what a key holds before anything was written to it', default: null },
  harmless: {
    description: 'other operations that do not change registers',
    type: 'array',
    items: { type: 'string' },
    default: [],
  },
} as const;

/** An operation that may have changed the register: every write and cas that did not fail. */
export interface Mutation extends OperationPair {
  readonly wrote: Json;
}

/** A certain sight of the register's value: a read that succeeded or found nothing, a cas that succeeded. */
export interface Sight extends OperationPair {
  readonly completion: NonNullable<OperationPair['completion']>;
  readonly saw: Json;
  readonly identity: Identity;
}

/** What happened to one key. Arrays are in the order of invocation. */
export interface Register {
  readonly key: string | number | undefined;
  readonly initial: Identity;
  readonly sights: Sight[];
  /** Writes and cas that were acknowledged: each certainly took effect once, between invocation and completion. */
  readonly acknowledged: Mutation[];
  /** By value written: who may have written it. */
  readonly writers: Map<Identity, Mutation[]>;
  /** By value: who tried and certainly failed. */
  readonly failed: Map<Identity, OperationPair[]>;
  operations: number;
  /** An operation that a register does not have: the key is not judged. */
  foreign?: string;
}

export interface Registers {
  readonly registers: readonly Register[];
  /** Operations, sights, keys; keys that are not judged, and because of which operations. For a verdict's figures. */
  readonly figures: { readonly [name: string]: Json };
  /** Why there is nothing to judge, if no key can be. */
  readonly reason?: string;
}

/**
 * Splits a history into its registers. Understood are `read`, `write` with the value and `cas` with `[expected, new]`;
 * a `read` that fails with `not-found` has seen the initial value. Registers that foreign operations may have changed are
 * left out: a wrong alarm would be worse. Cost: linear, once.
 */
export function registersOf(history: History, options: RegisterOptions): Registers {
  const id = canonical([options.initial ?? null, [...(options.harmless ?? [])]]);
  const last = known.get(history.events);
  if (last?.id === id) return last.registers;
  const registers = split(history, options);
  known.set(history.events, { id, registers });
  return registers;
}

/** Several checkers ask for the same: the last answer is kept as long as the history. */
const known = new WeakMap<readonly HistoryEvent[], { readonly id: string; readonly registers: Registers }>();

function split(history: History, options: RegisterOptions): Registers {
  const initial = identityOf(options.initial ?? null);
  const harmless = new Set(options.harmless ?? []);
  const registers = new Map<string | number | undefined, Register>();
  let operations = 0;
  for (const pair of pairsOf(history)) {
    const { f, key } = pair.invocation;
    if (harmless.has(f)) continue;
    operations++;
    let register = registers.get(key);
    if (register === undefined) {
      register = {
        key,
        initial,
        sights: [],
        acknowledged: [],
        writers: new Map(),
        failed: new Map(),
        operations: 0,
      };
      registers.set(key, register);
    }
    register.operations++;
    enter(register, pair, options.initial ?? null);
  }
  // What an operation without a key did may concern every key.
  const unkeyed = registers.get(undefined)?.foreign;
  if (unkeyed !== undefined) for (const register of registers.values()) register.foreign ??= unkeyed;
  const judged = [...registers.values()].filter(({ foreign }) => foreign === undefined);
  const foreign = new Set([...registers.values()].flatMap((register) => register.foreign ?? []));
  const figures = {
    operations,
    keys: judged.length,
    ...(foreign.size > 0 && { keysNotJudged: registers.size - judged.length, foreign: [...foreign].sort() }),
  };
  if (judged.length > 0) return { registers: judged, figures };
  const reason =
    registers.size === 0
      ? 'the history has no reads, writes or cas'
      : `no key can be judged as a register, because of the operations ${[...foreign].sort().join(', ')} (option "harmless" names those that change nothing)`;
  return { registers: judged, figures, reason };
}

function enter(register: Register, pair: OperationPair, initial: Json): void {
  const { invocation, completion } = pair;
  if (invocation.f === 'read') {
    if (completion?.type === 'ok') see(register, pair, completion.value);
    else if (completion?.type === 'fail' && completion.error === 'not-found') see(register, pair, initial);
    return;
  }
  const { f, value } = invocation;
  const isCas = f === 'cas' && Array.isArray(value) && value.length === 2;
  if (f !== 'write' && !isCas) {
    register.foreign ??= f;
    return;
  }
  const wrote: Json = isCas ? value[1] : value;
  const identity = identityOf(wrote);
  if (completion?.type === 'fail') {
    add(register.failed, identity, pair);
    return;
  }
  const mutation = { ...pair, wrote };
  add(register.writers, identity, mutation);
  if (completion?.type !== 'ok') return;
  register.acknowledged.push(mutation);
  if (isCas) see(register, pair, value[0]);
}

function see(register: Register, { invocation, completion }: OperationPair, saw: Json): void {
  if (completion !== undefined)
    register.sights.push({ invocation, completion, saw, identity: identityOf(saw) });
}

function add<Item>(map: Map<Identity, Item[]>, identity: Identity, item: Item): void {
  const items = map.get(identity);
  if (items === undefined) map.set(identity, [item]);
  else items.push(item);
}
