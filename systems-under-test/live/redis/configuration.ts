import { MILLISECOND } from '../../../harness/contract/index.ts';
import type { RedisOptions } from './options.ts';

export const REDIS_PORT = 6379;
export const SENTINEL_PORT = 26379;
/** What Sentinels call the group. */
export const GROUP = 'main';

/** Lines of `redis.conf`. The first host begins as the primary; afterwards Sentinel rewrites this file. */
export function redisConfiguration(
  { minReplicas, appendfsync }: RedisOptions,
  address: string,
  primary: string,
): string {
  return lines([
    `port ${REDIS_PORT}`,
    `bind ${address} 127.0.0.1`,
    'protected-mode no',
    'daemonize no',
    'appendonly yes',
    `appendfsync ${appendfsync}`,
    'save ""',
    'repl-diskless-sync yes',
    'repl-diskless-sync-delay 0',
    'repl-ping-replica-period 1',
    `min-replicas-to-write ${minReplicas}`,
    'min-replicas-max-lag 2',
    ...(address === primary ? [] : [`replicaof ${primary} ${REDIS_PORT}`]),
  ]);
}

/**
 * Lines of `sentinel.conf`. What Sentinels would find out about each other within some seconds is written down from the start: the state
 * that they keep in this file themselves.
 */
export function sentinelConfiguration(
  { downAfter, failoverTimeout }: RedisOptions,
  address: string,
  servers: readonly string[],
): string {
  const [primary, ...replicas] = servers;
  const others = servers.filter((other) => other !== address);
  const quorum = Math.floor(servers.length / 2) + 1;
  return lines([
    `port ${SENTINEL_PORT}`,
    `bind ${address}`,
    'protected-mode no',
    'daemonize no',
    `sentinel myid ${sentinelId(servers.indexOf(address))}`,
    `sentinel monitor ${GROUP} ${primary} ${REDIS_PORT} ${quorum}`,
    `sentinel down-after-milliseconds ${GROUP} ${Math.round(downAfter / MILLISECOND)}`,
    `sentinel failover-timeout ${GROUP} ${Math.round(failoverTimeout / MILLISECOND)}`,
    `sentinel parallel-syncs ${GROUP} 1`,
    ...replicas.map((replica) => `sentinel known-replica ${GROUP} ${replica} ${REDIS_PORT}`),
    ...others.map(
      (other) =>
        `sentinel known-sentinel ${GROUP} ${other} ${SENTINEL_PORT} ${sentinelId(servers.indexOf(other))}`,
    ),
  ]);
}

function sentinelId(nth: number): string {
  return (nth + 1).toString(16).padStart(40, '0');
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
