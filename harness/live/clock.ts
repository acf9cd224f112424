import type { Nanos } from '../contract/index.ts';

const began = process.hrtime.bigint();

/** Nanoseconds since this process began. */
export function now(): Nanos {
  return Number(process.hrtime.bigint() - began);
}
