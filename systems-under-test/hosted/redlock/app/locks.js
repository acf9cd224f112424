// Locks on independent Redis servers, as the README of redlock 4.2.0 sets them up.
import Redis from 'ioredis';
import Redlock from 'redlock';

const servers = (process.env.REDIS_SERVERS ?? 'localhost').split(',');

const clients = servers.map((host) => {
  const redis = new Redis({
    host,
    connectTimeout: 500,
    // Without it a server that is silent, rather than down, makes every lock wait for as long as it is.
    commandTimeout: 100,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    retryStrategy: (attempt) => Math.min(attempt * 50, 500),
  });
  redis.on('error', () => {});
  return redis;
});

export const locks = new Redlock(clients, { retryCount: 2, retryDelay: 100, retryJitter: 50 });
// A minority of servers may fail: whoever wants a lock is told of what counts.
locks.on('clientError', () => {});
