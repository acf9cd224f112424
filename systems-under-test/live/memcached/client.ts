import {
  type Client,
  type Completion,
  type Host,
  type Json,
  machineOf,
  type Request,
  type Setting,
} from '../../../harness/contract/index.ts';
import { Refused, Session } from '../postgresql/session.ts';
import { CacheConnection } from './connection.ts';
import type { MemcachedOptions } from './options.ts';

const READ = 'SELECT v FROM registers WHERE k = $1';
const WRITE = 'INSERT INTO registers VALUES ($1, $2) ON CONFLICT (k) DO UPDATE SET v = excluded.v';

/**
 * The application's side, where a look-aside cache lives: read the cache, on a miss the store, and fill the cache; write the store, then drop or replace the entry. Without the cache everything
 * goes on, more slowly, as most programs have it: an invalidation that fails is noted, and the write stands.
 */
export class CachedClient implements Client {
  private readonly host: Host;
  private readonly options: MemcachedOptions;
  private readonly cacheName: string;
  private readonly cache: CacheConnection;
  private readonly store: Session;

  constructor(host: Host, { options, hosts }: Setting<MemcachedOptions>) {
    this.host = host;
    this.options = options;
    this.cacheName = hosts.cache![0]!;
    this.cache = new CacheConnection(machineOf(host).addressOf(this.cacheName), options.cacheTimeout);
    this.store = new Session(host, hosts.store!, options.requestTimeout);
  }

  invoke({ f, key, value }: Request): Promise<Completion> {
    switch (f) {
      case 'read':
        return this.read(String(key));
      case 'write':
        return this.write(String(key), value);
      default:
        throw new RangeError(`expected read or write, got ${f}`);
    }
  }

  close(): void {
    this.cache.close();
    this.store.close();
  }

  private async read(key: string): Promise<Completion> {
    const entry = await this.cache.get(key).catch(() => undefined);
    if (entry !== undefined) return { type: 'ok', value: JSON.parse(entry) as Json, node: this.cacheName };
    try {
      await this.store.connect();
      const { rows } = await this.store.query(READ, [key]);
      const [row] = rows as { v: string }[];
      const value = row === undefined ? null : Number(row.v);
      if (value !== null) await this.cache.set(key, JSON.stringify(value), this.options.ttl).catch(() => {});
      return { type: 'ok', value, node: this.store.node };
    } catch (error) {
      return { type: 'fail', error: (error as Error).message };
    }
  }

  private async write(key: string, value: Json): Promise<Completion> {
    try {
      await this.store.connect();
    } catch (error) {
      return { type: 'fail', error: `not connected: ${(error as Error).message}` };
    }
    const { node } = this.store;
    try {
      await this.store.query(WRITE, [key, value]);
    } catch (error) {
      if (error instanceof Refused) return { type: 'fail', error: error.message, node };
      // It may have come through.
      await this.cache.delete(key).catch(() => this.lost(key));
      return { type: 'info', error: (error as Error).message, node };
    }
    await this.refresh(key, value).catch(() => this.lost(key));
    return { type: 'ok', value, node };
  }

  private refresh(key: string, value: Json): Promise<void> {
    const { mode, ttl } = this.options;
    return mode === 'aside' ? this.cache.delete(key) : this.cache.set(key, JSON.stringify(value), ttl);
  }

  private lost(key: string): void {
    this.host.note('invalidation-lost', { key });
  }
}
