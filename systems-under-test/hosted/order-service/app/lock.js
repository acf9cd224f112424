import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { redis } from './redis.js';

/** Milliseconds after which a lock is free again whose owner died. */
const LEASE = Number(process.env.LOCK_LEASE_MS ?? 1000);
const PATIENCE = 2000;

// Only the owner may release. A token that is larger than all before goes with each acquisition.
const ACQUIRE = `
  if redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return redis.call('incr', KEYS[2]) end
  return 0`;
const RELEASE = `
  if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
  return 0`;

/** Runs `work` while nobody else holds the lock of this name. */
export async function withLock(name, work) {
  const lock = `lock:${name}`;
  const owner = randomUUID();
  const deadline = Date.now() + PATIENCE;
  let token = 0;
  for (;;) {
    token = Number(await redis.eval(ACQUIRE, 2, lock, `token:${name}`, owner, LEASE));
    if (token > 0) break;
    if (Date.now() > deadline) throw Object.assign(new Error(`${name} is busy`), { status: 409 });
    await sleep(20 + Math.random() * 30);
  }
  try {
    return await work(token);
  } finally {
    await redis.eval(RELEASE, 1, lock, owner).catch(() => {});
  }
}
