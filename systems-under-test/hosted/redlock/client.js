import { locks } from './app/locks.js';

/** Milliseconds that a lock is asked for. */
const TTL = 1000;

/** A worker: takes the lock and gives it back. */
export default () => {
  const held = new Map();
  return {
    async invoke({ f, key }) {
      try {
        if (f === 'acquire') {
          held.set(key, await locks.lock(`lock:${key}`, TTL));
          return { type: 'ok', value: null };
        }
        await held.get(key)?.unlock();
        return { type: 'ok', value: null };
      } catch (error) {
        if (error.name !== 'LockError') throw error;
        // A lock that was not taken is not held; one that could not be given back everywhere ends by itself.
        return { type: f === 'acquire' ? 'fail' : 'info', error: error.message };
      }
    },
  };
};
