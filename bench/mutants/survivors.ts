import type { Mutant } from './mutants.ts';

/** What neither tests nor campaigns notice: a site, named by its file, the function that it stands in and its source; what replaces it; and why nobody minds, or when somebody would. */
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
    file: 'chain/member.ts',
    within: 'nextEntries',
    source: 'number <= sequence',
    mutants: ['false'],
    reason: 'frees memory',
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
    file: 'geo-replicated/leadership.ts',
    within: 'proven',
    source: 'read.sequence <= this.committed',
    mutants: ['true'],
    reason: 'the leader would have to fall after it answered with a record that only it has',
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
  {
    file: 'file-store/namespace.ts',
    within: 'isCurrent',
    source: 'this.version(fileOf(handle)) === version',
    mutants: ['true'],
    reason: 'copies of versions that count no more are never removed: room on the disks',
  },
  {
    file: 'raft/synced-mark.ts',
    within: 'load',
    source: 'record.sequence > this.version',
    mutants: ['true'],
    reason:
      'takes the older one of two marks: it counts less as synced, which matters only if the end of the log is damaged',
  },
];
