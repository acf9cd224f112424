import type { Json } from '../../harness/contract/index.ts';
import type { ClientReply, ClientRequest, Entry } from './messages.ts';

/**
 * What the log replicates: a deterministic function of the entries that were committed, in their order. `key-value.ts` is the one that the system `raft`
 * serves; other systems put theirs here.
 */
export interface StateMachine {
  /** Why this command must not be put into the log; undefined if it may be. */
  refusal(command: ClientRequest): string | undefined;
  /** Carries out a committed entry (never one of the log's own, `noop`). @throws DamagedMemory; nothing was changed then. */
  apply(entry: Entry, index: number): ClientReply;
  /** Answers a question from the present state, without changing it. @throws DamagedMemory */
  read(question: Json): Json;
  /** The whole state, from which `restore` makes it again. @throws DamagedMemory */
  state(): Json;
  /** Becomes what `state` told; empty without it. */
  restore(state: Json | undefined): void;
}
