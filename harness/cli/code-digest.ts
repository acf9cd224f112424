import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SystemReference } from '../campaign/index.ts';

/** Compiled root of this package: two folders above `harness/cli`. */
export const PACKAGE_ROOT = resolve(fileURLToPath(import.meta.url), '../../..');

export const VERSION = (
  JSON.parse(readFileSync(join(PACKAGE_ROOT, '..', 'package.json'), 'utf8')) as { readonly version: string }
).version;

let known: string | undefined;

/** Digest of the compiled code of sixways that can decide a run: all but the command line and the reports. */
function ownDigest(): string {
  if (known !== undefined) return known;
  const hash = createHash('sha256');
  const files = readdirSync(PACKAGE_ROOT, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js') && !/harness[/\\](cli|report|campaign|compare)[/\\]/.test(file))
    .sort();
  for (const file of files)
    hash.update(file.replaceAll('\\', '/')).update(readFileSync(join(PACKAGE_ROOT, file)));
  known = hash.digest('hex').slice(0, 16);
  return known;
}

/** Digest of the code of a run: sixways and, for a user's own file, the system. */
export function codeDigest(system: SystemReference): string {
  return system.digest === '' ? ownDigest() : `${ownDigest()}-${system.digest}`;
}
