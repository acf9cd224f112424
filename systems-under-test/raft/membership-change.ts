import type { Nanos } from '../../harness/contract/index.ts';
import type { Leadership, Progress } from './leadership.ts';
import type { ClientReply } from './messages.ts';
import type { Node } from './node.ts';

/** Rounds of catching up before a new server is given up as too slow. */
const ROUNDS_MAX = 10;

/** A voter as the leader sees it. */
export type MemberView = { readonly name: string; readonly silence: Nanos };

/**
 * Changes of the membership by one server at a time (thesis, chapter 4): any majority of the old members and any of the new
 * ones then share a server, so that no two leaders can be elected by the two. That holds for neighbours only. A leader therefore changes nothing
 * before the last change is committed, nor before it has committed an entry of its own term: a leader of a term between may have appended another
 * change to the same members, which only such an entry rules out. (The second condition is missing in the thesis:
 * Ongaro, "bug in single-server membership changes", raft-dev, 10 July 2015.)
 */
export class MembershipChange {
  private readonly node: Node;
  private readonly leadership: Leadership;
  /** The server that is caught up to become a voter. */
  private learner: Progress | undefined;

  constructor(node: Node, leadership: Leadership) {
    this.node = node;
    this.leadership = leadership;
  }

  /** The voters, and for how long each has not been heard of. Belief of this leader, not agreed upon. */
  view(): ClientReply {
    const { members, host } = this.node;
    const now = host.clock.monotonic();
    const view = members.voters.map((name): MemberView => {
      const follower = this.leadership.follower(name);
      return { name, silence: follower === undefined ? 0 : now - follower.heardAt };
    });
    return { status: 'ok', value: view };
  }

  /** AddServer (thesis, figure 4.1). */
  async add(name: string): Promise<ClientReply> {
    const { node, leadership } = this;
    const { voters } = node.members;
    if (voters.includes(name)) return done(voters);
    if (this.learner !== undefined) return { status: 'fail', error: 'change-in-progress' };
    this.learner = leadership.follow(name);
    const caughtUp = await this.catchUp(this.learner);
    if (leadership.over) return { status: 'not-leader', leader: node.leader };
    const reply = caughtUp
      ? this.change([...node.members.voters, name])
      : ({ status: 'fail', error: 'not-caught-up' } as const);
    this.learner = undefined;
    leadership.unfollowOthers();
    return reply;
  }

  /** RemoveServer (thesis, figure 4.1). */
  async remove(name: string): Promise<ClientReply> {
    const { voters } = this.node.members;
    if (!voters.includes(name)) return done(voters);
    if (voters.length === 1) return { status: 'fail', error: 'last-member' };
    return this.change(voters.filter((voter) => voter !== name));
  }

  private change(voters: readonly string[]): ClientReply | Promise<ClientReply> {
    const { node, leadership } = this;
    const own = leadership.committedOwnEntry;
    if (!own && !node.flaw('changes-before-own-commit')) return { status: 'fail', error: 'too-early' };
    if (node.members.index > node.commitIndex) return { status: 'fail', error: 'change-in-progress' };
    node.host.always(own, 'a leader changes the members only after it has committed an entry of its term', {
      voters,
    });
    return leadership.propose({ f: 'members', key: null, value: voters, session: 0, sequence: 0 });
  }

  /**
   * Replicates to a server that does not vote yet: as a voter with an empty log it would hold up every commitment that needs it (section 4.2.1). Each
   * round brings what the log held when the round began; one that takes less than an election time-out leaves so little
   * that the rest is not noticed.
   */
  private async catchUp(learner: Progress): Promise<boolean> {
    const { node, leadership } = this;
    const { clock } = node.host;
    const { heartbeat, electionTimeoutMin, electionTimeoutMax } = node.settings;
    for (let round = 1; round <= ROUNDS_MAX; round++) {
      const began = clock.monotonic();
      const target = node.log.lastIndex;
      while (learner.match < target) {
        if (clock.monotonic() - Math.max(began, learner.heardAt) > electionTimeoutMax) return false;
        await node.host.sleep(Math.ceil(heartbeat / 10));
        if (leadership.over) return false;
      }
      if (clock.monotonic() - began < electionTimeoutMin) return true;
    }
    return false;
  }

  /** True if this server is replicated to without a vote. */
  teaches(name: string): boolean {
    return this.learner?.name === name;
  }

  /** An entry that states the members was applied. */
  onApplied(): void {
    const { node, leadership } = this;
    // A later one may be on its way, by which some go who are still needed for it.
    if (node.members.index > node.commitIndex) return;
    node.host.note('members', { voters: node.members.voters });
    leadership.unfollowOthers();
    if (node.members.votes) return;
    node.host.sometimes(true, 'a leader removed itself');
    node.stepDown('removed from the members');
  }
}

function done(voters: readonly string[]): ClientReply {
  return { status: 'ok', value: voters };
}
