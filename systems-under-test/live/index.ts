import type { System } from '../../harness/contract/index.ts';
import { etcd } from './etcd/index.ts';
import { memcached } from './memcached/index.ts';
import { postgresql } from './postgresql/index.ts';
import { redis } from './redis/index.ts';

/** Real servers: systems of the live world. */
export const liveSystems: readonly System[] = [redis, etcd, postgresql, memcached];
