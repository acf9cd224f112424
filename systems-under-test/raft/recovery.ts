import { type Host, MILLISECOND } from '../../harness/contract/index.ts';
import type { DurableState } from './durable-state.ts';
import type { AskTerm, ServerMessage, TellTerm } from './messages.ts';
import type { Found, Storage } from './storage.ts';

/**
 * # What a server does that lost something it had promised to keep
 *
 * Raft's proof needs every server to remember its term, its vote and every entry it acknowledged. A damaged disk breaks that promise. The
 * server finds out when it starts (checksums, the mark of `synced-mark.ts`, two copies of term and vote), and then
 * is *recovering*: it takes entries and acknowledges them, but neither votes nor stands.
 *
 * **The log lost entries, term and vote are intact.** The server moves on to term t+1, where t is the highest term in which
 * it can have acknowledged anything. It recovers when its log ends with an entry of its current term T >= t+1, received from
 * the leader of T.
 *
 * Why that is safe. Let e be committed in a term below T, with acknowledgements of a majority Q. The leader of T was elected by a
 * majority V of servers that were not recovering. Q and V share a server that had e when it voted: it acknowledged e, and either
 * never lost it, or recovered before it voted, and then by induction had e again, from a leader that had it. So the leader of T has
 * e in its log before its first own entry (Leader Completeness, extended paper, section 5.4.3), and by Log Matching so has this server when
 * it recovers. Entries committed in T itself it cannot have lost: it acknowledged nothing in T before the damage.
 *
 * **Term and vote are lost** (both copies damaged, or the disk is empty though this is not the machine's first process): the
 * server does not know t. It asks *every* other server for its durable term and takes one more than the highest. Any term in which it voted for
 * a candidate was durable on that candidate before it asked for the vote; a term in which it stood itself and won is
 * durable on those who elected it. A server that has lost its own memory too answers so: its candidacies died with it, and votes
 * for an earlier incarnation are not counted (`run` in the messages). So the new term is above every term in which a vote that this server
 * forgot can still elect somebody, and above every term in which it acknowledged an entry.
 *
 * The price: a server without memory stays out until each other server has answered it once. With a majority intact
 * the cluster works on without it; with a majority recovering there is nobody to learn from, and it stops, rather than
 * forget. That a majority stays intact is what the tolerance table demands (`claims.ts`, budget `damage`).
 *
 * A majority is enough to elect without the recovering ones, because a recovering server counts as a member that does not vote.
 */
export async function firstState(
  host: Host,
  others: readonly string[],
  storage: Storage,
): Promise<{ readonly state: DurableState; readonly found: Found }> {
  const found = await storage.inspect();
  if (found.state !== undefined) {
    host.sometimes(found.lost, 'found synced entries damaged');
    host.sometimes(found.torn, 'cut off a torn, unsynced end of the log');
    if (!found.lost) return { state: found.state, found };
    host.note('damaged', { intact: found.entries.length });
    return { state: { term: found.state.term + 1, votedFor: null, recovering: true }, found };
  }
  // The first process on a machine is the act of setting up the cluster: only it may take an empty disk for a new one.
  if (host.incarnation === 1) return { state: { term: 0, votedFor: null, recovering: false }, found };
  host.sometimes(true, 'lost its term and vote');
  host.note('amnesia', null);
  const term = await highestTerm(host, others);
  return { state: { term: term + 1, votedFor: null, recovering: true }, found };
}

const ASK_AGAIN = 100 * MILLISECOND;

/** Asks until every other server has answered once. Terms only grow, so that answers keep their worth. */
function highestTerm(host: Host, others: readonly string[]): Promise<number> {
  const missing = new Set(others);
  let highest = 0;
  return new Promise((resolve) => {
    host.network.onMessage((message, from) => {
      const received = message as ServerMessage;
      if (received.type === 'ask-term') {
        host.network.send(from, { type: 'tell-term', run: received.run, term: null } satisfies TellTerm);
      }
      if (received.type !== 'tell-term' || received.run !== host.incarnation || !missing.delete(from)) return;
      highest = Math.max(highest, received.term ?? 0);
      if (missing.size === 0) resolve(highest);
    });
    const ask = (): void => {
      if (missing.size === 0) return;
      for (const other of missing) {
        host.network.send(other, { type: 'ask-term', run: host.incarnation } satisfies AskTerm);
      }
      host.after(ASK_AGAIN, ask);
    };
    ask();
  });
}
