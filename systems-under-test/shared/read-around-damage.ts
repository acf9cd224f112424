import { type Disk, DiskFailure } from '../../harness/contract/index.ts';

const SECTOR = 512;

/**
 * Reads a whole file, putting zeros where a sector cannot be read, so that checksums decide what is left of it.
 * Cost: one read for a sound file, one per sector otherwise. @throws DiskFailure if nothing of the disk answers.
 */
export async function readAroundDamage(disk: Disk, file: string): Promise<Uint8Array> {
  try {
    return await disk.read(file);
  } catch (error) {
    if (!(error instanceof DiskFailure)) throw error;
  }
  const bytes = new Uint8Array(await disk.size(file));
  for (let at = 0; at < bytes.length; at += SECTOR) {
    try {
      bytes.set(await disk.read(file, at, Math.min(SECTOR, bytes.length - at)), at);
    } catch (error) {
      if (!(error instanceof DiskFailure)) throw error;
    }
  }
  return bytes;
}
