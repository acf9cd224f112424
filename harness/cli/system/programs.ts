import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SystemReference } from '../../campaign/index.ts';
import type { System } from '../../contract/index.ts';
import type { BundledPrograms } from '../../hosted/prepare.ts';
import { UsageError } from '../usage-error.ts';

/** True if a bundled system is, or may be, made of hosted programs. */
export function usesHosted(text: string): boolean {
  return text.includes('harness/hosted/index.js');
}

/**
 * Bundles the programs of a system once, for all workers.
 * @throws UsageError naming file, line and remedy.
 */
export async function withPrograms(
  reference: SystemReference,
  entry: string,
  system: System,
): Promise<SystemReference> {
  const { bundlePrograms, HostedMistake } = await import('../../hosted/prepare.ts');
  try {
    const bundled = await bundlePrograms(system, dirname(entry));
    if (bundled === undefined) return reference;
    const hash = createHash('sha256').update(reference.digest);
    for (const [, { digest }] of bundled.byEntry) hash.update(digest);
    const programs = `${reference.module}.json`;
    writeFileSync(programs, JSON.stringify(bundled));
    return { ...reference, programs, digest: hash.update(bundled.web.digest).digest('hex').slice(0, 16) };
  } catch (error) {
    if (error instanceof HostedMistake)
      throw new UsageError(error.code, `${reference.name}: ${error.message}`);
    throw error;
  }
}

const read = new Map<string, BundledPrograms>();

/** Gives the system its programs, in this thread. */
export async function attach(system: System, file: string): Promise<void> {
  const { attachPrograms } = await import('../../hosted/prepare.ts');
  let programs = read.get(file);
  if (programs === undefined) {
    programs = JSON.parse(readFileSync(file, 'utf8')) as BundledPrograms;
    read.set(file, programs);
  }
  attachPrograms(system, programs);
}
