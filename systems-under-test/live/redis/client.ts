import type { Redis } from 'ioredis';
import {
  type Client,
  type Completion,
  type Host,
  type Json,
  MILLISECOND,
  machineOf,
  type Request,
  type Setting,
} from '../../../harness/contract/index.ts';
import { GROUP, SENTINEL_PORT } from './configuration.ts';
import type { RedisOptions } from './options.ts';

/** Compare and set in one step, as Redis's documentation recommends: scripts are atomic. An absent key counts as null. */
const CAS = `
if (redis.call('GET', KEYS[1]) or 'null') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1`;

/**
 * Finds the primary by asking Sentinels, the nearest of them first, and stays with it until an operation gets no answer. Sends
 * nothing twice. An error that the server answered is `fail`; so is a connection that could not be made. No answer, or a connection that
 * broke while waiting for one, is `info` for whatever writes.
 */
export class RedisClient implements Client {
  private readonly names: ReadonlyMap<string, string>;
  private readonly options: RedisOptions;
  /** What is read is a set, not a register. */
  private readonly ofSets: boolean;
  private readonly sentinels: readonly { readonly host: string; readonly port: number }[];
  private connection: Redis | undefined;

  constructor(host: Host, { options, hosts, workload }: Setting<RedisOptions>) {
    this.options = options;
    this.ofSets = workload.name === 'set';
    const servers = hosts.server!.map((name) => machineOf(host).addressOf(name));
    this.names = new Map(servers.map((address, nth) => [address, hosts.server![nth]!]));
    const first = Math.max(0, hosts.client!.indexOf(host.name)) % servers.length;
    this.sentinels = [...servers.slice(first), ...servers.slice(0, first)].map((address) => ({
      host: address,
      port: SENTINEL_PORT,
    }));
  }

  async invoke(request: Request): Promise<Completion> {
    let redis: Redis;
    try {
      redis = await this.connected();
    } catch (error) {
      this.close();
      return { type: 'fail', error: `no primary: ${(error as Error).message}` };
    }
    const node = this.names.get(redis.stream.remoteAddress ?? '');
    const completion = await this.ask(redis, request);
    return { ...completion, ...(node !== undefined && { node }) };
  }

  close(): void {
    this.connection?.disconnect();
    this.connection = undefined;
  }

  private async ask(redis: Redis, request: Request): Promise<Completion> {
    try {
      const done = await this.carryOut(redis, request);
      if (done.type !== 'ok' || request.f === 'read' || this.options.wait === 0) return done;
      return await this.waitForReplicas(redis, done);
    } catch (error) {
      const { name, message } = error as Error;
      if (name === 'ReplyError') return { type: 'fail', error: message };
      this.close();
      return { type: request.f === 'read' ? 'fail' : 'info', error: message };
    }
  }

  private async carryOut(redis: Redis, { f, key, value }: Request): Promise<Completion> {
    const name = String(key);
    switch (f) {
      case 'add':
        await redis.sadd(name, String(value));
        return { type: 'ok', value };
      case 'read': {
        if (this.ofSets) return { type: 'ok', value: (await redis.smembers(name)).map(Number) };
        const text = await redis.get(name);
        return { type: 'ok', value: text === null ? null : (JSON.parse(text) as Json) };
      }
      case 'write':
        await redis.set(name, JSON.stringify(value));
        return { type: 'ok', value };
      case 'cas': {
        const [from, to] = value as [Json, Json];
        const swapped = await redis.eval(CAS, 1, name, JSON.stringify(from), JSON.stringify(to));
        return swapped === 1 ? { type: 'ok', value } : { type: 'fail', error: 'cas-mismatch' };
      }
      default:
        throw new RangeError(`expected read, add, write or cas, got ${f}`);
    }
  }

  /** The write is at the primary by now: too few replicas leave its fate open. */
  private async waitForReplicas(redis: Redis, done: Completion): Promise<Completion> {
    const { wait, requestTimeout } = this.options;
    try {
      const reached = await redis.wait(wait, Math.round(requestTimeout / MILLISECOND / 2));
      return reached >= wait ? done : { type: 'info', error: `WAIT: ${reached} of ${wait} replicas` };
    } catch (error) {
      this.close();
      return { type: 'info', error: (error as Error).message };
    }
  }

  private async connected(): Promise<Redis> {
    if (this.connection?.status === 'ready') return this.connection;
    this.close();
    const milliseconds = this.options.requestTimeout / MILLISECOND;
    // Loaded by clients alone: the registry of systems is loaded by every command.
    const ioredis = await import('ioredis');
    const redis = new ioredis.Redis({
      sentinels: [...this.sentinels],
      name: GROUP,
      lazyConnect: true,
      // One attempt, nothing kept for later, nothing sent again: an operation's fate must be known from its own reply.
      retryStrategy: () => null,
      sentinelRetryStrategy: () => null,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      maxLoadingRetryTime: 0,
      connectTimeout: milliseconds,
      sentinelCommandTimeout: milliseconds,
      commandTimeout: milliseconds,
    });
    // Told by the promises already.
    redis.on('error', () => {});
    this.connection = redis;
    await redis.connect();
    return redis;
  }
}
