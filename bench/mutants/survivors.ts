import type { Mutant } from './mutants.ts';

/** A mutant that no campaign catches, and why: named by its file, the function that it stands in, its source and what replaces that. */
export interface Survivor extends Pick<Mutant, 'file' | 'within' | 'source' | 'mutant'> {
  readonly reason: string;
}

/** Why it survives, if that is known. */
export function reasonOf({ file, within, source, mutant }: Mutant): string | undefined {
  return survivors.find(
    (known) =>
      known.file === file && known.within === within && known.source === source && known.mutant === mutant,
  )?.reason;
}

export const survivors: readonly Survivor[] = [
  {
    file: 'remote-storage/blocks.ts',
    within: 'open',
    source: 'disk.sync(FILE)',
    mutant: 'Promise.resolve()',
    reason:
      'the next write of any block syncs the whole file: a power failure would have to follow the death of the process within the milliseconds until then',
  },
  {
    file: 'remote-storage/blocks.ts',
    within: 'read',
    source: 'block.version !== known.version',
    mutant: 'false',
    reason: 'notices damage to the only disk, which the system does not claim to survive',
  },
  {
    file: 'remote-storage/compute.ts',
    within: 'execute',
    source: 'version > put.ifVersion!',
    mutant: 'true',
    reason:
      'the put that follows at once makes the outcome uncertain again, unless it is refused while its first copy is under way',
  },
  {
    file: 'remote-storage/compute.ts',
    within: 'execute',
    source: 'version > put.ifVersion! + 1',
    mutant: 'true',
    reason: 'says that nobody knows where it could be known: less than could be promised, and nothing false',
  },
];
