import {
  type Client,
  type Completion,
  type Host,
  HostError,
  type Json,
  MILLISECOND,
  type Nanos,
  type Request,
  type Setting,
} from '../../harness/contract/index.ts';
import { handleOf } from './chunk.ts';
import { chunksOf, valueIn } from './content.ts';
import type { FileStoreOptions } from './options.ts';

type Fields = { readonly [name: string]: Json };

/** Between two tries of what could not be done. */
const WAIT: Nanos = 20 * MILLISECOND;

/** What a file holds, and of which version that is; or why nobody knows. */
type Content = { readonly version: number; readonly value: Json } | { readonly error: string };

/** A value is the content of a file. Data go to the chunk servers directly; the master is asked where, and told when all is there. */
export function makeClient(host: Host, { options, hosts }: Setting<FileStoreOptions>): Client {
  const master = hosts.master![0]!;

  /** @throws HostError. */
  async function ask(server: string, message: Json, most: Nanos, until: Nanos): Promise<Fields> {
    const timeout = Math.min(most, until - host.clock.monotonic());
    if (timeout <= 0) throw new HostError('deadline', `no time left to ask ${server}`, true);
    return (await host.network.request(server, message, { timeout })) as Fields;
  }

  /** The same for what may be asked as often as one likes: an error is an answer. */
  async function tryAsking(server: string, message: Json, most: Nanos, until: Nanos): Promise<Fields> {
    try {
      return await ask(server, message, most, until);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return { type: 'fail', error: error.code };
    }
  }

  async function readChunk(
    handle: string,
    version: number,
    at: readonly string[],
    until: Nanos,
  ): Promise<string | undefined> {
    for (const server of host.random.shuffle(at)) {
      const reply = await tryAsking(server, { f: 'read', handle, version }, options.chunkTimeout, until);
      if (reply.type === 'ok') return reply.data as string;
    }
    return undefined;
  }

  /** All chunks of the version that counts when the master is asked. That is when the read happens. */
  async function content(file: string, until: Nanos): Promise<Content> {
    let error = 'deadline';
    for (; host.clock.monotonic() < until; await host.sleep(WAIT)) {
      const found = await tryAsking(master, { f: 'lookup', file }, options.chunkTimeout, until);
      if (found.type !== 'ok') {
        error = String(found.error);
        continue;
      }
      const version = found.version as number;
      if (version === 0) return { version, value: null };
      const at = found.at as readonly (readonly string[])[];
      const chunks = await Promise.all(
        at.map((servers, nth) => readChunk(handleOf(file, nth), version, servers, until)),
      );
      if (chunks.every((chunk) => chunk !== undefined)) return { version, value: valueIn(chunks) };
      error = 'no-copy-found';
    }
    return { error };
  }

  /** Stores the chunks; servers that did not confirm theirs. */
  async function store(
    file: string,
    version: number,
    chunks: readonly string[],
    targets: readonly (readonly string[])[],
    until: Nanos,
  ): Promise<string[]> {
    const failed = await Promise.all(
      targets.flatMap((servers, nth) =>
        servers.map(async (server) => {
          const message = { f: 'store', handle: handleOf(file, nth), version, data: chunks[nth]! };
          const reply = await tryAsking(server, message, options.chunkTimeout, until);
          return reply.type === 'ok' ? [] : [server];
        }),
      ),
    );
    return failed.flat();
  }

  /** `base`: only if this version still counts. Until the commit nothing has happened, whatever was stored where. */
  async function change(file: string, value: Json, base: number | null, until: Nanos): Promise<Completion> {
    const chunks = chunksOf(value, options.chunks, options.chunkBytes);
    let avoid: string[] = [];
    let error: Json = 'deadline';
    for (; host.clock.monotonic() < until; await host.sleep(WAIT)) {
      const lease = await tryAsking(master, { f: 'begin', file, avoid }, options.chunkTimeout, until);
      if (lease.type !== 'ok') {
        error = lease.error ?? null;
        avoid = [];
        continue;
      }
      const version = lease.version as number;
      const targets = lease.targets as readonly (readonly string[])[];
      const failed = await store(file, version, chunks, targets, until);
      if (failed.length > 0) {
        error = 'too-few-copies';
        avoid = [...new Set([...avoid, ...failed])];
        continue;
      }
      return conclude(await ask(master, { f: 'commit', file, version, base }, options.requestTimeout, until));
    }
    return { type: 'fail', error, node: master };
  }

  function conclude({ type, error = null }: Fields): Completion {
    if (type === 'ok') return { type, value: null, node: master };
    return { type: type === 'fail' ? 'fail' : 'info', error, node: master };
  }

  async function compareAndSet(file: string, value: Json, until: Nanos): Promise<Completion> {
    const [expected, next] = value as readonly [Json, Json];
    const found = await content(file, until);
    if ('error' in found) return { type: 'fail', error: found.error, node: master };
    if (JSON.stringify(found.value) !== JSON.stringify(expected))
      return { type: 'fail', error: 'cas-mismatch', node: master };
    return change(file, next, found.version, until);
  }

  async function invoke({ f, key, value }: Request): Promise<Completion> {
    const until = host.clock.monotonic() + options.requestTimeout;
    const file = String(key);
    if (f === 'read') {
      const found = await content(file, until);
      return 'error' in found
        ? { type: 'fail', error: found.error, node: master }
        : { type: 'ok', value: found.value, node: master };
    }
    try {
      const done =
        f === 'cas' ? await compareAndSet(file, value, until) : await change(file, value, null, until);
      return done.type === 'ok' ? { ...done, value } : done;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return { type: error.definite ? 'fail' : 'info', error: error.code, node: master };
    }
  }

  return { invoke };
}
