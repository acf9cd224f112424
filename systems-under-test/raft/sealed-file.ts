import { type Disk, type Json, Undecodable } from '../../harness/contract/index.ts';
import { readAroundDamage } from '../shared/read-around-damage.ts';
import { loadSealed } from '../shared/sealed.ts';
import { DamagedStorage } from '../shared/write-ahead-log.ts';

/** A file that is replaced as a whole: its content, `missing` if there is none, `damaged` if it is not what was written. */
export type SealedFile = { readonly content: Json } | 'missing' | 'damaged';

/** `verify: false` trusts whatever can be parsed. @throws DiskFailure if the disk does not answer at all. */
export async function readSealed(disk: Disk, file: string, verify = true): Promise<SealedFile> {
  const bytes = await readAroundDamage(disk, file);
  try {
    const content = loadSealed(bytes, file, verify);
    return content === undefined ? 'missing' : { content };
  } catch (error) {
    if (error instanceof DamagedStorage || error instanceof Undecodable) return 'damaged';
    throw error;
  }
}
