/** Mutants that no campaign can catch, and why: by file of `systems-under-test`, source and what replaces it. */
export const survivors: readonly {
  readonly file: string;
  readonly source: string;
  readonly mutant: string;
  readonly reason: string;
}[] = [
  {
    file: 'remote-storage/blocks.ts',
    source: 'disk.sync(FILE)',
    mutant: 'Promise.resolve()',
    reason:
      'the next write of any block syncs the whole file: a power failure would have to follow the death of the process within the milliseconds until then',
  },
  {
    file: 'remote-storage/blocks.ts',
    source: 'block.version !== known.version',
    mutant: 'false',
    reason: 'notices damage to the only disk, which the system does not claim to survive',
  },
  {
    file: 'remote-storage/compute.ts',
    source: 'version > put.ifVersion!',
    mutant: 'true',
    reason:
      'the put that follows at once makes the outcome uncertain again, unless it is refused while its first copy is under way',
  },
  {
    file: 'remote-storage/compute.ts',
    source: 'version > put.ifVersion! + 1',
    mutant: 'true',
    reason: 'says that nobody knows where it could be known: less than could be promised, and nothing false',
  },
];
