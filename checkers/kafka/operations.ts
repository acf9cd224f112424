import type { History, Json, OperationPair } from '../../histories/index.ts';
import { type Identity, identityOf } from '../shared/identity.ts';
import { pairsOf } from '../shared/pairs.ts';
import { asObject } from '../shared/timeline.ts';

/** A value sent to a key, as asked for; the offset if the system told it. */
export interface Sent {
  readonly key: string;
  readonly value: Json;
  readonly identity: Identity;
  readonly offset: number | undefined;
}

/** A value that a poll returned. */
export interface Polled {
  readonly key: string;
  readonly value: Json;
  readonly identity: Identity;
  readonly offset: number | undefined;
  /** Which poll of the operation returned it: those of one come in one piece. */
  readonly batch: number;
}

/** An operation on logs, in the order of invocation. */
export interface LogOperation {
  readonly pair: OperationPair;
  readonly outcome: 'ok' | 'fail' | 'info';
  /** What it tried to send, in order. */
  readonly sends: readonly Sent[];
  /** What it certainly got, in order; nothing unless it was acknowledged. */
  readonly polls: readonly Polled[];
  /** Whether it polls at all: an indeterminate one may have got anything. */
  readonly hasPoll: boolean;
  /** Set for `assign`, `subscribe` and `crash`: what its consumer reads from now on. */
  readonly moves?: { readonly f: 'assign' | 'subscribe' | 'crash'; readonly keys: readonly string[] };
}

export interface LogOperations {
  readonly operations: readonly LogOperation[];
  /** Operations of other kinds, which play no part. */
  readonly others: number;
}

/**
 * Reads `send`, `poll` and `txn` with lists of `["send", key, value]` and `["poll"]`, `assign` and `subscribe` with lists of keys, and `crash`.
 * Acknowledged, a send is `["send", key, [offset, value]]` (or without the offset), a poll `["poll", {key: [[offset, value]...]}]`. Keys are compared as texts. Undecipherable ones are told
 * as `malformed`. Cost: linear.
 */
export function logOperationsOf(history: History): LogOperations | { readonly malformed: string } {
  const operations: LogOperation[] = [];
  let others = 0;
  for (const pair of pairsOf(history)) {
    const { f, value } = pair.invocation;
    const type = pair.completion?.type;
    const outcome = type === 'ok' || type === 'fail' ? type : 'info';
    if (f === 'assign' || f === 'subscribe' || f === 'crash') {
      const keys = Array.isArray(value) ? value.map(String) : [];
      operations.push({ pair, outcome, sends: [], polls: [], hasPoll: false, moves: { f, keys } });
    } else if (f === 'send' || f === 'poll' || f === 'txn') {
      const read = microsOf(pair, outcome);
      if (read === undefined) {
        return {
          malformed: `operation ${pair.invocation.index}: expected a list of ["send", key, value] and ["poll"], completed with offsets, got ${JSON.stringify(value)} and ${JSON.stringify(pair.completion?.value ?? null)}`,
        };
      }
      operations.push({ pair, outcome, ...read });
    } else others++;
  }
  return { operations, others };
}

function microsOf(
  { invocation, completion }: OperationPair,
  outcome: LogOperation['outcome'],
): Pick<LogOperation, 'sends' | 'polls' | 'hasPoll'> | undefined {
  const asked = invocation.value;
  const told = outcome === 'ok' ? completion?.value : undefined;
  if (!Array.isArray(asked) || (told !== undefined && !Array.isArray(told))) return undefined;
  const sends: Sent[] = [];
  const polls: Polled[] = [];
  let hasPoll = false;
  for (let at = 0; at < asked.length; at++) {
    const micro: Json = asked[at];
    const result: Json | undefined = told?.[at];
    if (!Array.isArray(micro)) return undefined;
    if (micro[0] === 'send' && micro.length === 3) {
      sends.push(sentBy(micro[1] as Json, micro[2] as Json, result));
    } else if (micro[0] === 'poll') {
      hasPoll = true;
      if (told !== undefined && !addPolled(polls, result, at)) return undefined;
    } else return undefined;
  }
  return { sends, polls, hasPoll };
}

function sentBy(key: Json, value: Json, result: Json | undefined): Sent {
  const identity = identityOf(value);
  const told: Json = Array.isArray(result) ? result[2] : null;
  const offset: Json | undefined =
    Array.isArray(told) && told.length === 2 && identityOf(told[1]) === identity ? told[0] : undefined;
  return {
    key: String(key),
    value,
    identity,
    offset: Number.isInteger(offset) ? (offset as number) : undefined,
  };
}

function addPolled(polls: Polled[], result: Json | undefined, batch: number): boolean {
  if (!Array.isArray(result) || result[0] !== 'poll') return false;
  const got = asObject(result[1] ?? {});
  if (got === undefined) return false;
  for (const [key, messages] of Object.entries(got)) {
    if (!Array.isArray(messages)) return false;
    for (const message of messages as readonly Json[]) {
      if (!Array.isArray(message) || message.length !== 2) return false;
      const offset: Json = message[0];
      const value: Json = message[1];
      polls.push({
        key,
        value,
        identity: identityOf(value),
        offset: Number.isInteger(offset) ? (offset as number) : undefined,
        batch,
      });
    }
  }
  return true;
}
