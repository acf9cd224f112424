import { describe, expect, it } from 'vitest';
import type { Json } from '../../harness/contract/index.ts';
import { Leases } from './leases.ts';

const copy = (file: string, version: number) => ({ handle: `${file}.0`, version });

describe('a lease', () => {
  it('ends with its time, and with it what was written under it', () => {
    let now = 0;
    const leases = new Leases(100, () => now);
    leases.grant('a', 1);
    expect(leases.isBeingWritten(copy('a', 1))).toBe(true);
    expect(leases.isBeingWritten(copy('b', 1))).toBe(false);
    now = 100;
    expect(leases.isBeingWritten(copy('a', 1))).toBe(false);
    expect(leases.once(1, () => Promise.resolve(true))).toBeUndefined();
  });

  it('outlives its time while a commit is under way, whoever begins to write meanwhile', async () => {
    let now = 0;
    const leases = new Leases(100, () => now);
    leases.grant('a', 1);
    let done: (answer: Json) => void = () => {};
    const answer = leases.once(1, () => new Promise<Json>((resolve) => (done = resolve)));
    now = 150;
    leases.grant('b', 2);
    expect(leases.isBeingWritten(copy('a', 1))).toBe(true);
    expect(leases.once(1, () => Promise.reject(new Error('carried out twice')))).toBe(answer);
    done('committed');
    expect(await answer).toBe('committed');
    leases.grant('c', 3);
    expect(leases.isBeingWritten(copy('a', 1))).toBe(false);
  });
});
