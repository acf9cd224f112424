import type { Nanos } from '../../harness/contract/index.ts';
import type { Vote, Voted } from './messages.ts';
import type { Node } from './node.ts';

/** Asking for votes, or whether they would be given. */
interface Candidacy {
  readonly pre: boolean;
  readonly votes: Set<string>;
}

/**
 * Who leads next: the timer that notices a silent leader, standing for election, and voting (extended Raft paper, sections 5.2 and 5.4.1).
 *
 * A server first asks whether it *would* be elected (pre-vote, thesis section 9.6) and raises its term only if a majority says so: one
 * that was cut off does not depose a working leader when it returns. Servers that heard from a leader a moment ago say no.
 */
export class Election {
  private readonly node: Node;
  /** When this server loses patience, on the monotonic clock. */
  private deadline: Nanos = 0;
  /** When it last heard from a leader. */
  private heardAt: Nanos = Number.NEGATIVE_INFINITY;
  /** Present while this server stands; it ends with the term, at the latest. */
  private candidacy: Candidacy | undefined;

  constructor(node: Node) {
    this.node = node;
  }

  start(): void {
    this.postpone();
    this.watch();
  }

  /** A leader of the current term, or a candidate that got this server's vote, gave sign of life. */
  heard(fromLeader: boolean): void {
    if (fromLeader) {
      this.heardAt = this.node.host.clock.monotonic();
      this.abandon();
    }
    this.postpone();
  }

  /** Ends a candidacy. */
  abandon(): void {
    this.candidacy = undefined;
  }

  private postpone(): void {
    const { host, settings } = this.node;
    const patience = host.random.integer(settings.electionTimeoutMin, settings.electionTimeoutMax);
    this.deadline = host.clock.monotonic() + patience;
  }

  /** One timer that looks again at the deadline, which moves with each heartbeat: cheaper than a timer for each. */
  private watch(): void {
    const { host } = this.node;
    const left = this.deadline - host.clock.monotonic();
    if (left <= 0) {
      this.postpone();
      this.stand();
    }
    host.after(Math.max(this.deadline - host.clock.monotonic(), 1), () => this.watch());
  }

  private stand(): void {
    const { node } = this;
    if (node.leadership !== undefined) return;
    if (this.concerned && (node.recovering || node.storage.full)) return;
    // Whoever asks must not be sent to a leader of the past: two servers that were removed would send him to and fro.
    node.leader = '';
    if (this.concerned) this.campaign(true);
  }

  /** A member; or one that is being removed, whom the others may need until that is committed (thesis, section 4.2.2). */
  private get concerned(): boolean {
    const { members, commitIndex } = this.node;
    return members.votes || members.index > commitIndex;
  }

  private campaign(pre: boolean): void {
    const { node } = this;
    const candidacy = { pre, votes: new Set([node.host.name]) };
    this.candidacy = candidacy;
    if (!pre) {
      node.term++;
      node.votedFor = node.host.name;
      node.saveState();
    }
    const request: Vote = {
      type: 'vote',
      pre,
      term: pre ? node.term + 1 : node.term,
      run: node.host.incarnation,
      lastIndex: node.log.lastIndex,
      lastTerm: node.log.lastTerm,
    };
    // The candidate's own vote is a vote: it must be on disk before others are asked for theirs.
    node.storage.settled(() => {
      if (this.candidacy !== candidacy) return;
      for (const other of node.members.others) node.send(other, request);
      this.count();
    });
  }

  onVote(request: Vote, from: string): void {
    const { node } = this;
    if (!request.pre && request.term > node.term) node.adoptTerm(request.term);
    const upToDate = !node.recovering && this.isUpToDate(request);
    if (upToDate) this.expectCommitted(request);
    const granted = upToDate && this.mayVote(request, from);
    if (granted && !request.pre) {
      node.host.always(request.term === node.term, 'a vote is given in the term that it was asked for', {
        asked: request.term,
        own: node.term,
      });
      node.votedFor = from;
      node.saveState();
      this.heard(false);
    }
    const { pre, run } = request;
    // A refusal names this server's term, so that a candidate that lags behind catches up.
    node.whenSettled(from, () => {
      node.host.always(
        !granted || pre || request.term === node.term,
        'a vote says the term that it was given in',
      );
      const term = granted && pre ? request.term : node.term;
      return { type: 'voted', pre, term, run, granted };
    });
  }

  private mayVote(request: Vote, from: string): boolean {
    const { node } = this;
    if (request.pre) {
      const silence = node.host.clock.monotonic() - this.heardAt;
      // Of terms only the vote itself takes account.
      return node.leadership === undefined && silence >= node.settings.electionTimeoutMin;
    }
    return request.term === node.term && (node.votedFor === null || node.votedFor === from);
  }

  /** Section 5.4.1: the later last term wins; with equal ones, the longer log. */
  private isUpToDate(request: Vote): boolean {
    const { log } = this.node;
    if (this.node.flaw('votes-for-shorter-log')) return true;
    return compareEnds(request, log) >= 0;
  }

  /** Leader Completeness, as far as one voter can see it: whoever could win its vote, now or another time, has every entry that it knows to be committed. */
  private expectCommitted(request: Vote): void {
    const { log, commitIndex, host } = this.node;
    const { lastIndex, lastTerm } = request;
    host.always(
      lastIndex >= commitIndex && lastTerm >= log.termAt(commitIndex),
      'a log that is up to date has all that is known to be committed',
      { lastIndex, lastTerm, commit: commitIndex },
    );
  }

  onVoted(reply: Voted, from: string): void {
    const { node, candidacy } = this;
    if (!reply.granted || candidacy?.pre !== reply.pre) return;
    const term = reply.pre ? node.term + 1 : node.term;
    if (reply.term !== term || reply.run !== node.host.incarnation) return;
    node.host.always(
      reply.term === term && reply.run === node.host.incarnation,
      'a vote counts for the candidacy that it was given to',
      { term, given: reply.term },
    );
    candidacy.votes.add(from);
    this.count();
  }

  private count(): void {
    const { node, candidacy } = this;
    const { voters, majority } = node.members;
    if (candidacy === undefined || voters.filter((name) => candidacy.votes.has(name)).length < majority)
      return;
    if (candidacy.pre) this.campaign(false);
    else {
      this.abandon();
      node.lead();
    }
  }
}

interface End {
  readonly lastTerm: number;
  readonly lastIndex: number;
}

/** Negative if log a is less up to date than b. */
function compareEnds(a: End, b: End): number {
  return a.lastTerm - b.lastTerm || a.lastIndex - b.lastIndex;
}
