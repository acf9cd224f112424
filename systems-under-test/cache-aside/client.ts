import {
  type Client,
  type Completion,
  type Host,
  HostError,
  MILLISECOND,
  type Nanos,
  type Request,
  type Setting,
} from '../../harness/contract/index.ts';
import { consistentHashRouter } from '../shared/consistent-hash-router.ts';
import { moduloRouter } from '../shared/modulo-router.ts';
import { rendezvousRouter } from '../shared/rendezvous-router.ts';
import type { Router } from '../shared/router.ts';
import { SessionClient } from '../shared/session-client.ts';
import type { Lookup } from './cache-table.ts';
import { type CacheAsideOptions, membersAfter } from './options.ts';

const WAIT: Nanos = 10 * MILLISECOND;
/** How often a client asks for a value that somebody else is about to fill in. */
const WAITS_MOST = 5;
/** How often a client tries to invalidate. It may be repeated: dropping an entry twice is dropping it. */
const DROPS_MOST = 2;

/**
 * The application's side, where cache-aside lives: read the cache, on a miss the store, and fill the cache; write the store, then
 * drop the entry. Without the cache everything goes on, more slowly.
 */
export function makeClient(host: Host, { options, hosts, flaw }: Setting<CacheAsideOptions>): Client {
  const store = hosts.store![0]!;
  const sessions = new SessionClient(host);
  let router = route(membersAfter(options, 0).map((number) => hosts.cache![number]!));
  let learnedAt: Nanos | undefined;

  function route(members: readonly string[]): Router {
    switch (options.router) {
      case 'modulo':
        return moduloRouter(members);
      case 'consistent-hash':
        return consistentHashRouter(members, options.virtualNodes);
      case 'rendezvous':
        return rendezvousRouter(members);
    }
  }

  async function learnMembers(): Promise<void> {
    const now = host.clock.monotonic();
    if (learnedAt !== undefined && now - learnedAt < options.membersAge) return;
    learnedAt = now;
    try {
      const reply = await host.network.request(store, { f: 'members' }, { timeout: options.cacheTimeout });
      const { members } = reply as { members: readonly string[] };
      if (members.join() !== router.servers.join()) router = route(members);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
    }
  }

  /** What the cache says; undefined if it says nothing useful. */
  async function lookUp(cache: string, request: Request): Promise<Lookup | undefined> {
    const message = { f: 'get', key: request.key! };
    try {
      for (let asked = 0; asked < WAITS_MOST; asked++) {
        const reply = await host.network.request(cache, message, { timeout: options.cacheTimeout });
        const lookup = reply as Lookup;
        if (lookup.type !== 'wait') return lookup;
        await host.sleep(WAIT);
      }
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
    }
    return undefined;
  }

  async function drop(cache: string, request: Request): Promise<void> {
    for (let tried = 0; tried < DROPS_MOST; tried++) {
      try {
        await host.network.request(
          cache,
          { f: 'drop', key: request.key! },
          { timeout: options.cacheTimeout },
        );
        return;
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
      }
    }
  }

  async function askStore(request: Request): Promise<Completion> {
    const until = host.clock.monotonic() + options.requestTimeout;
    const completion = await sessions.call(store, request, until);
    // This store redirects nobody.
    return completion.type === 'redirected' ? { type: 'fail', error: 'redirected', node: store } : completion;
  }

  async function read(cache: string, request: Request): Promise<Completion> {
    const lookup = await lookUp(cache, request);
    if (lookup?.type === 'hit') return { type: 'ok', value: lookup.value, node: cache };
    const completion = await askStore(request);
    if (completion.type === 'ok' && lookup?.type === 'miss') {
      host.network.send(cache, {
        f: 'fill',
        key: request.key!,
        value: completion.value,
        token: lookup.token,
      });
    }
    return completion;
  }

  async function change(cache: string, request: Request): Promise<Completion> {
    if (flaw('acknowledges-before-store') && request.f === 'write') {
      void askStore(request).then(() => drop(cache, request));
      return { type: 'ok', value: request.value, node: cache };
    }
    const completion = await askStore(request);
    // Even if nobody knows whether it happened: what is cached may be old now.
    if (completion.type !== 'fail') await drop(cache, request);
    return completion;
  }

  return {
    async invoke(request) {
      await learnMembers();
      const cache = router.owner(request.key!);
      return request.f === 'read' ? read(cache, request) : change(cache, request);
    },
  };
}
