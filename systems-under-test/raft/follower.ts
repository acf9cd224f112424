import { entryOf } from './log.ts';
import type { Append, Entry, Heartbeat, Install, Position, ServerMessage } from './messages.ts';
import type { Node } from './node.ts';

/** To a leader whose term is over: only the higher term in the answer matters. */
const NOWHERE = 0;

/**
 * What a server does at the word of its leader: takes entries, snapshots and commit indices (extended Raft paper, figures 2 and 13).
 * It acknowledges entries and snapshots only when they are on disk; heartbeats at once.
 */
export class Follower {
  private readonly node: Node;

  constructor(node: Node) {
    this.node = node;
  }

  onAppend(message: Append, from: string): void {
    const conflict = this.obeys(message.term, from) ? this.conflictWith(message) : NOWHERE;
    if (conflict !== undefined) {
      this.refuse(from, message.round, conflict);
      return;
    }
    const match = this.take(message);
    this.node.commit(Math.min(message.commit, match));
    this.acknowledge(from, message.term, message.round, match);
  }

  onHeartbeat(message: Heartbeat, from: string): void {
    const { node } = this;
    if (this.obeys(message.term, from)) node.commit(Math.min(message.commit, node.log.lastIndex));
    // It confirms that this server did not know of a higher term, which promises nothing for the future: no disk is needed.
    node.send(from, { type: 'alive', term: node.term, round: message.round, ...node.ownVersion });
  }

  onInstall(message: Install, from: string): void {
    const { node } = this;
    if (!this.obeys(message.term, from)) {
      this.refuse(from, message.round, NOWHERE);
      return;
    }
    const { at } = message.snapshot;
    if (at.index > node.commitIndex) {
      // A log that agrees with the snapshot goes on after it; any other is replaced (figure 13, steps 6 and 7).
      const agrees = node.log.knows(at.index) && node.log.termAt(at.index) === at.term;
      if (agrees) node.log.compact(at.index);
      else node.log.reset(at);
      node.restore(message.snapshot);
      node.storage.saveSnapshot(message.snapshot);
      node.host.sometimes(true, 'installed a snapshot of the leader');
    }
    this.acknowledge(from, message.term, message.round, at.index);
  }

  /** True if the sender leads a term that is not over. The server then follows it. */
  private obeys(term: number, from: string): boolean {
    const { node } = this;
    if (term < node.term) return false;
    if (term > node.term) node.adoptTerm(term);
    node.host.always(term === node.term, 'a server follows the leader of its own term', {
      term,
      own: node.term,
    });
    node.host.always(node.leader === '' || node.leader === from, 'a term has at most one leader', {
      term,
      leaders: [node.leader, from],
    });
    if (node.leadership !== undefined) node.stepDown('somebody else leads this term');
    node.leader = from;
    node.election.heard(true);
    return true;
  }

  /** Where the leader must look for agreement; undefined if this log holds the entry that precedes the new ones. */
  private conflictWith(message: Append): number | undefined {
    const { log, host } = this.node;
    const { prevIndex, prevTerm } = message;
    if (this.node.flaw('no-log-matching-check')) return undefined;
    if (prevIndex > log.lastIndex) return log.lastIndex + 1;
    // What was compacted is committed, and so the same everywhere.
    if (prevIndex < log.base.index) return undefined;
    const term = log.termAt(prevIndex);
    if (term !== prevTerm) return log.firstOfTerm(prevIndex);
    host.always(
      log.chainAt(prevIndex) === message.prevChain,
      'logs with the same entry are the same up to it',
      {
        index: prevIndex,
        term,
      },
    );
    return undefined;
  }

  private entriesOf({ entries, packed }: Append): readonly Entry[] {
    return packed === undefined || this.node.version < 2 ? entries : packed.map((record) => entryOf(record)!);
  }

  /** Adds the entries that the log lacks. @returns the index up to which the log now agrees with the leader's. */
  private take(message: Append): number {
    const { node } = this;
    const { log } = node;
    const entries = this.entriesOf(message);
    const prevIndex = Math.min(message.prevIndex, log.lastIndex);
    if (node.flaw('truncates-on-old-message') && prevIndex >= log.base.index) this.truncate(prevIndex + 1);
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!;
      const index = prevIndex + 1 + i;
      if (index <= log.base.index) continue;
      if (index <= log.lastIndex) {
        // Only an entry that contradicts may be removed: this message may be older than others that came before it.
        if (log.termAt(index) === entry.term) continue;
        this.truncate(index);
      }
      node.append(entry);
    }
    return message.prevIndex + entries.length;
  }

  private truncate(from: number): void {
    const { node } = this;
    if (from > node.log.lastIndex) return;
    node.host.always(from > node.commitIndex, 'committed entries stay in the log', {
      from,
      commit: node.commitIndex,
    });
    node.host.sometimes(true, 'removed entries that contradict the leader');
    node.truncate(from);
  }

  private refuse(from: string, round: number, conflictIndex: number): void {
    this.node.whenSettled(from, () => ({
      type: 'appended',
      term: this.node.term,
      round,
      success: false,
      match: 0,
      conflictIndex,
      ...this.node.ownVersion,
    }));
  }

  private acknowledge(from: string, term: number, round: number, match: number): void {
    const { node } = this;
    node.whenSettled(from, (): ServerMessage => {
      if (node.recovering && node.log.lastTerm === term)
        this.recovered(from, node.log.at(node.log.lastIndex));
      return {
        type: 'appended',
        term,
        round,
        success: true,
        match,
        conflictIndex: 0,
        ...node.ownVersion,
      };
    });
  }

  /** The log now holds all that was ever committed (`recovery.ts`). It may have voted in this term before it lost its memory: for none other than its leader, from now on. */
  private recovered(leader: string, last: Position): void {
    const { node } = this;
    node.host.always(last.term === node.term, 'a lost log is whole when it ends with an entry of the term', {
      last: last.term,
      term: node.term,
    });
    node.recovering = false;
    node.votedFor = leader;
    node.saveState();
    node.host.sometimes(true, 'recovered lost entries from the leader');
    node.host.note('recovered', { index: last.index, term: last.term });
  }
}
