import { describe, expect, it } from 'vitest';
import type { Transaction } from './transaction.ts';
import { WriteLocks } from './write-locks.ts';

const aged = (age: number): Transaction => ({
  age,
  readOnly: false,
  snapshot: 0,
  keysRead: new Set(),
  written: new Map(),
});

describe('write locks', () => {
  it('are passed on to the youngest that waits, so that nobody waits for an older one', async () => {
    const locks = new WriteLocks();
    const [oldest, older, holder] = [aged(1), aged(2), aged(3)];
    expect(locks.acquire(holder, 'x')).toBe(true);
    expect(locks.acquire(holder, 'x')).toBe(true);
    const order: string[] = [];
    const first = Promise.resolve(locks.acquire(oldest, 'x')).then((granted) =>
      order.push(`oldest ${granted}`),
    );
    const second = Promise.resolve(locks.acquire(older, 'x')).then((granted) =>
      order.push(`older ${granted}`),
    );
    expect(locks.acquire(aged(4), 'x')).toBe(false);
    locks.release(holder);
    await second;
    expect(order).toEqual(['older true']);
    locks.release(older);
    await first;
    expect(order).toEqual(['older true', 'oldest true']);
    locks.release(oldest);
    expect(locks.acquire(aged(9), 'x')).toBe(true);
  });

  it('are refused to whoever gives up waiting', async () => {
    const locks = new WriteLocks();
    const [waiting, holder] = [aged(1), aged(2)];
    locks.acquire(holder, 'x');
    const granted = locks.acquire(waiting, 'x');
    locks.release(waiting);
    expect(await granted).toBe(false);
    locks.release(holder);
    expect(locks.acquire(aged(3), 'x')).toBe(true);
  });
});
