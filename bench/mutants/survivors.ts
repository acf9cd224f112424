import type { Mutant } from './mutants.ts';

/** What no campaign notices: a site, named by its file, the function that it stands in and its source; what replaces it; and why nobody minds, or when somebody would. */
export interface Survivor extends Pick<Mutant, 'file' | 'within' | 'source' | 'mutants'> {
  readonly reason: string;
}

/** Why it survives, if that is known. */
export function reasonOf({ file, within, source, mutant }: Mutant): string | undefined {
  return survivors.find(
    (known) =>
      known.file === file &&
      known.within === within &&
      known.source === source &&
      known.mutants.includes(mutant),
  )?.reason;
}

/** One table, however long: a test compares it, whole, with the sites that there are. */
export const survivors: readonly Survivor[] = [
  {
    file: 'chain/keeper.ts',
    within: 'next',
    source: 'this.roll.last(fresh)?.synced === configuration.number',
    mutants: ['true'],
    reason:
      'a tail that was just added has everything within milliseconds: both others would have to be lost in between',
  },
  {
    file: 'chain/keeper.ts',
    within: 'candidate',
    source: 'ping.configuration !== configuration.number',
    mutants: ['false'],
    reason:
      'a candidate whom the tail reached in an earlier configuration cannot join, is blamed, and given up',
  },
  {
    file: 'chain/link.ts',
    within: 'ask',
    source: 'comparePositions(position, copy.position) > 0',
    mutants: ['false'],
    reason: 'a copy that lost its end is noticed by its checksums first',
  },
  {
    file: 'chain/member.ts',
    within: 'align',
    source: 'message.incarnation !== host.incarnation',
    mutants: ['false'],
    reason:
      'an invitation to an earlier process that arrives after the restart finds the copy further on and is ignored, unless the disk was lost in between',
  },
  {
    file: 'chain/member.ts',
    within: 'align',
    source: 'comparePositions(position, copy.position) <= 0',
    mutants: ['false'],
    reason:
      'needs a copy of an invitation after the transfer that it began; an assertion speaks if one arrives',
  },
  {
    file: 'chain/member.ts',
    within: 'nextEntries',
    source: 'number <= sequence',
    mutants: ['false'],
    reason: 'frees memory',
  },
  {
    file: 'chain/member.ts',
    within: 'progressed',
    source: 'this.synced < configuration.number',
    mutants: ['true'],
    reason: 'decides how often the master is told',
  },
  {
    file: 'chain/reads.ts',
    within: 'version',
    source: 'message.configuration === configuration.number',
    mutants: ['false'],
    reason: 'dirty versions are then never read with the help of the tail: the client asks again',
  },
  {
    file: 'chain/versions.ts',
    within: 'forget',
    source: 'version.sequence <= sequence',
    mutants: ['true'],
    reason:
      'forgets the committed version behind a dirty one: reads of it are refused until that is committed',
  },
  {
    file: 'chain/versions.ts',
    within: 'forget',
    source: 'version.sequence <= sequence',
    mutants: ['false'],
    reason: 'frees memory',
  },
  {
    file: 'primary-backup/backup.ts',
    within: 'join',
    source: 'message.incarnation !== this.host.incarnation',
    mutants: ['false'],
    reason:
      'an invitation to an earlier process of the same view; an assertion speaks if it would throw the copy back',
  },
  {
    file: 'primary-backup/backup.ts',
    within: 'join',
    source: 'compareEpochs(epoch, this.joined) < 0',
    mutants: ['false'],
    reason:
      'needs an invitation of a primary that restarted within its view, after that of its next process; an assertion speaks if one is accepted',
  },
  {
    file: 'primary-backup/backup.ts',
    within: 'join',
    source: 'samePosition(position, this.replica.position)',
    mutants: ['true'],
    reason:
      'the copy would have to change between the question where it stands and the invitation that follows at once',
  },
  {
    file: 'primary-backup/backup.ts',
    within: 'forward',
    source: 'sameEpoch(this.joined, epoch)',
    mutants: ['true'],
    reason:
      'a primary sends only to who has joined; what it sent before arrives in a view that is over, and is refused',
  },
  {
    file: 'primary-backup/link.ts',
    within: 'join',
    source: 'samePosition(standing.position as Position, snapshot.position)',
    mutants: ['false'],
    reason: 'sends the whole state where nothing was missing: bytes',
  },
  {
    file: 'primary-backup/link.ts',
    within: 'forward',
    source: 'comparePositions(round.position, at) > 0',
    mutants: ['true'],
    reason:
      'sends what is there already: setting a key to the same value again, in the same order, changes nothing',
  },
  {
    file: 'primary-backup/server.ts',
    within: 'adopt',
    source: 'view.number === this.adopted',
    mutants: ['false'],
    reason: 'joins the backups anew with each report: slower, and right',
  },
  {
    file: 'primary-backup/view-keeper.ts',
    within: 'change',
    source: 'primaryPing.view === view.number',
    mutants: ['true'],
    reason: 'adds backups before the primary knows of those before: a change of view more',
  },
  {
    file: 'geo-replicated/leadership.ts',
    within: 'proven',
    source: 'read.sequence <= this.committed',
    mutants: ['true'],
    reason: 'the leader would have to fall after it answered with a record that only it has',
  },
  {
    file: 'geo-replicated/site.ts',
    within: 'elect',
    source: 'term < ballot.term',
    mutants: ['false'],
    reason:
      'the poll before the election has shown the newest term to the candidate; an assertion speaks if a site goes back',
  },
  {
    file: 'geo-replicated/site.ts',
    within: 'follow',
    source: 'term < this.floor',
    mutants: ['true'],
    reason: 'a site that lost its disk then never becomes whole: most others serve without it',
  },
  {
    file: 'geo-replicated/site.ts',
    within: 'follow',
    source: 'term < this.floor',
    mutants: ['false'],
    reason:
      'the leader of a term that is over would have to reach a site that lost its disk before the next leader does',
  },
  {
    file: 'geo-replicated/site.ts',
    within: 'follow',
    source: 'message.incarnation !== host.incarnation',
    mutants: ['false'],
    reason:
      'a state that was sent to the process before: the comparison of positions that follows finds it late, unless the disk was lost in between',
  },
  {
    file: 'orchestrator/agent.ts',
    within: 'renew',
    source: 'each.token === instance.token',
    mutants: ['true'],
    reason:
      'goes on with an instance whose token is superseded: the resource refuses it, and it ends by itself',
  },
  {
    file: 'orchestrator/assignments.ts',
    within: 'read',
    source: 'incarnation === asked.incarnation',
    mutants: ['true'],
    reason: 'the next process of the same agent goes on under the token of the one before, which is dead',
  },
  {
    file: 'orchestrator/controller.ts',
    within: 'look',
    source: 'this.term !== this.node.term',
    mutants: ['false'],
    reason: 'a new leader that waits for no lease starts instances too early: their tokens keep them apart',
  },
  {
    file: 'orchestrator/controller.ts',
    within: 'lives',
    source: 'now - heardAt < this.options.lease + MARGIN',
    mutants: ['true'],
    reason:
      'an agent that is silent keeps its services until it speaks again: they wait, and the claims speak of what follows',
  },
  {
    file: 'orchestrator/resource.ts',
    within: 'carryOut',
    source: 'token >= kept.token',
    mutants: ['true'],
    reason:
      'an instance opens its resource once, at its beginning: the request would have to be later than the next one; an assertion speaks',
  },
  {
    file: 'orchestrator/resource.ts',
    within: 'carryOut',
    source: 'token === kept.token',
    mutants: ['true'],
    reason:
      'requests under an old token are rare where agents stop in time; an assertion speaks if one is accepted',
  },
  {
    file: 'orchestrator/resource.ts',
    within: 'carryOut',
    source: 'request.sequence <= kept.sequence',
    mutants: ['false'],
    reason: 'needs a copy of a change after it was made; an assertion speaks if one is made again',
  },
  {
    file: 'orchestrator/resource.ts',
    within: 'open',
    source: 'token === kept.token',
    mutants: ['false'],
    reason: 'needs a copy of the request that opens, after it was carried out; an assertion speaks',
  },
  {
    file: 'raft/durable-state.ts',
    within: 'save',
    source: 'true',
    mutants: ['false'],
    reason: 'the simulated disk keeps a replaced file with its replacement',
  },
  {
    file: 'raft/election.ts',
    within: 'mayVote',
    source: 'request.term === node.term',
    mutants: ['true'],
    reason: 'needs a request for a vote that is late by a term; an assertion speaks if it is granted',
  },
  {
    file: 'raft/follower.ts',
    within: 'onInstall',
    source: 'node.log.termAt(at.index) === at.term',
    mutants: ['true', 'false'],
    reason: 'a snapshot comes when the log ends long before it',
  },
  {
    file: 'raft/follower.ts',
    within: 'acknowledge',
    source: 'node.log.lastTerm === term',
    mutants: ['true', 'false'],
    reason: 'only a server that lost its log asks, and a majority goes on without it',
  },
  {
    file: 'raft/key-value.ts',
    within: 'apply',
    source: 'entry.sequence < session.sequence',
    mutants: ['false'],
    reason:
      'a client sends a command when the one before is answered: an older one would have to be accepted by a later leader',
  },
  {
    file: 'raft/log.ts',
    within: 'firstOfTerm',
    source: 'this.termAt(first - 1) === term',
    mutants: ['true', 'false'],
    reason: 'decides how soon the place is found where logs agree',
  },
  {
    file: 'raft/recovery.ts',
    within: 'highestTerm',
    source: 'received.run !== host.incarnation',
    mutants: ['true', 'false'],
    reason: 'only a server that lost term and vote asks, and a majority goes on without it',
  },
  {
    file: 'raft/election.ts',
    within: 'onVoted',
    source: 'reply.term !== term',
    mutants: ['false'],
    reason: 'needs a vote that is late by a term; an assertion speaks if it counts',
  },
  {
    file: 'raft/election.ts',
    within: 'onVoted',
    source: 'reply.run !== node.host.incarnation',
    mutants: ['false'],
    reason:
      'needs a vote for a process that restarted within its candidacy; an assertion speaks if it counts',
  },
  {
    file: 'raft/leadership.ts',
    within: 'advance',
    source: 'node.log.termAt(agreed) === this.term',
    mutants: ['true'],
    reason: 'takes figure 8 of the paper; an assertion speaks where the flaw of that name is caught',
  },
  {
    file: 'raft/leadership.ts',
    within: 'hear',
    source: 'reply.term !== this.term',
    mutants: ['false'],
    reason: 'needs an answer to an earlier reign of the same server; an assertion speaks if it counts',
  },
  {
    file: 'raft/node.ts',
    within: 'whenSettled',
    source: 'this.term === term',
    mutants: ['true'],
    reason:
      'the term would have to change while the disk writes; an assertion speaks if a vote says another term',
  },
  {
    file: 'crdt/types/set.ts',
    within: 'merge',
    source: 'covers(a.known, dot)',
    mutants: ['false'],
    reason: 'makes an equal state anew',
  },
  {
    file: 'crdt/types/set.ts',
    within: 'merge',
    source: 'covers(a.known, dot)',
    mutants: ['true'],
    reason:
      'forgets removals of what was never here: an addition that is still on its way would have to come after them',
  },
  {
    file: 'cache-aside/cache-table.ts',
    within: 'fill',
    source: 'token.incarnation !== this.incarnation',
    mutants: ['false'],
    reason: 'what is promised is a value not older than its time to live, and that is counted from the miss',
  },
  {
    file: 'cache-aside/cache-table.ts',
    within: 'fill',
    source: 'this.leases.get(key)?.number !== token.lease',
    mutants: ['false'],
    reason: 'what is promised is a value not older than its time to live; leases make old values rarer',
  },
  {
    file: 'edge-cache/edge-table.ts',
    within: 'fill',
    source: 'content.version < this.purgedVersion(key)',
    mutants: ['false'],
    reason: 'what is promised is content not older than its time to live; a purge shortens that',
  },
  {
    file: 'quorum/anti-entropy.ts',
    within: 'treeWith',
    source: 'known?.version === version',
    mutants: ['false'],
    reason: 'makes the tree anew',
  },
  {
    file: 'remote-storage/compute.ts',
    within: 'execute',
    source: 'version > put.ifVersion!',
    mutants: ['false'],
    reason: 'needs two puts of others to the same block between a reply that was lost and the next look',
  },
  {
    file: 'remote-storage/compute.ts',
    within: 'execute',
    source: 'version > put.ifVersion! + 1',
    mutants: ['false'],
    reason: 'needs two puts of others to the same block between a reply that was lost and the next look',
  },
  {
    file: 'shared/replica.ts',
    within: 'open',
    source: 'this.host.disk.sync(file)',
    mutants: ['Promise.resolve()'],
    reason: 'what is removed is damaged: if it comes back, it is removed again',
  },
  {
    file: 'shared/replica.ts',
    within: 'install',
    source: 'this.host.disk.sync(old)',
    mutants: ['Promise.resolve()'],
    reason: 'an old log that comes back is of another generation, and not read',
  },
  {
    file: 'remote-storage/blocks.ts',
    within: 'open',
    source: 'disk.sync(FILE)',
    mutants: ['Promise.resolve()'],
    reason:
      'the next write of any block syncs the whole file: a power failure would have to follow the death of the process within the milliseconds until then',
  },
  {
    file: 'remote-storage/blocks.ts',
    within: 'read',
    source: 'block.version !== known.version',
    mutants: ['false'],
    reason: 'notices damage to the only disk, which the system does not claim to survive',
  },
  {
    file: 'remote-storage/compute.ts',
    within: 'execute',
    source: 'version > put.ifVersion!',
    mutants: ['true'],
    reason:
      'the put that follows at once makes the outcome uncertain again, unless it is refused while its first copy is under way',
  },
  {
    file: 'remote-storage/compute.ts',
    within: 'execute',
    source: 'version > put.ifVersion! + 1',
    mutants: ['true'],
    reason: 'says that nobody knows where it could be known: less than could be promised, and nothing false',
  },
];
