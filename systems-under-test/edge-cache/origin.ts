import { type Host, HostError, type Json, type Nanos, type Setting } from '../../harness/contract/index.ts';
import type { Command, Outcome } from '../shared/command.ts';
import { DurableStore } from '../shared/durable-store.ts';
import { serve } from '../shared/serve.ts';
import { type Key, plainTable } from '../shared/value-table.ts';
import { type EdgeCacheOptions, oldest } from './options.ts';

export type FetchReply =
  | { readonly type: 'ok'; readonly value: Json; readonly version: number }
  | { readonly type: 'fail'; readonly error: string };

/** Versions of one incarnation: more writes of a key than that are not made in any run. */
const VERSIONS = 1_000_000_000;

/**
 * The origin: the truth about all values. After a write it purges the edges: each is told until it confirms, or until nothing that it has can be served
 * any more. What was not purged when the origin died, time removes.
 */
export async function startOrigin(host: Host, { options, hosts }: Setting<EdgeCacheOptions>): Promise<void> {
  const store = new DurableStore(host, plainTable(), { checkpointBytes: options.checkpointBytes });
  /** Writes of each key by this incarnation. */
  const writes = new Map<Key, number>();
  const versionOf = (key: Key) => host.incarnation * VERSIONS + (writes.get(key) ?? 0);

  async function purgeAt(edge: string, key: Key, version: number, until: Nanos): Promise<void> {
    while (host.clock.monotonic() < until) {
      try {
        await host.network.request(edge, { f: 'purge', key, version }, { timeout: options.purgeTimeout });
        return;
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        if (error.definite) await host.sleep(options.purgeTimeout);
      }
    }
  }

  async function execute(command: Command): Promise<Outcome> {
    const { f, key } = command;
    const outcome = await store.execute(command);
    if (f === 'read' || outcome.type !== 'ok') return outcome;
    writes.set(key, (writes.get(key) ?? 0) + 1);
    if (options.purge === 'none') return outcome;
    const until = host.clock.monotonic() + oldest(options);
    const purges = Promise.all(hosts.edge!.map((edge) => purgeAt(edge, key, versionOf(key), until)));
    // A writer does not wait for an edge that does not answer.
    if (options.purge === 'confirmed')
      await Promise.race([purges, host.sleep(Math.floor(options.requestTimeout / 2))]);
    return outcome;
  }

  async function fetchFor(key: Key): Promise<FetchReply> {
    const outcome = await store.execute({ f: 'read', key });
    if (outcome.type !== 'ok') return { type: 'fail', error: outcome.error };
    return { type: 'ok', value: outcome.value, version: versionOf(key) };
  }

  serve(host, execute, ({ f, key }) => (f === 'fetch' ? fetchFor(key as Key) : undefined));
  await store.open();
}
