import type { Validity } from '../../histories/index.ts';
import { Exit } from './usage-error.ts';

/** The exit code of a verdict. `unknown` is not success unless the user says so. */
export function exitOf(validity: Validity, allowUnknown = false): number {
  if (validity === 'invalid') return Exit.invalid;
  if (validity === 'unknown' && !allowUnknown) return Exit.unknown;
  return Exit.valid;
}
