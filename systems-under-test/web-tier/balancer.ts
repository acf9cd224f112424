import {
  type Host,
  HostError,
  type Json,
  RequestTimeout,
  type Setting,
} from '../../harness/contract/index.ts';
import type { Reply, UserRequest } from './messages.ts';
import type { WebTierOptions } from './options.ts';
import { policy } from './policies.ts';

/** So many requests in a row without an answer, and a front end is taken for dead. */
const SILENCES_MOST = 3;

/**
 * A load balancer: hands each request to a front end and its answer back. It learns from the traffic who answers (passive health checks): a
 * front end that refuses, or leaves several requests in a row without an answer, is left out for a while. If all are left out, none is: better to
 * try than to refuse (the "panic threshold" of the proxy Envoy).
 *
 * A request that was certainly not carried out (refused, not started) goes to the next front end. One without an answer does not: it may be carried out yet.
 */
export function startBalancer(host: Host, { options, hosts, flaw }: Setting<WebTierOptions>): void {
  const choose = policy(options.balancer, host.random);
  let members: readonly string[] = hosts.front!.slice(0, options.frontEnds);
  const outstanding = new Map<string, number>();
  const silences = new Map<string, number>();
  const ejectedUntil = new Map<string, number>();

  const open = (name: string) => outstanding.get(name) ?? 0;

  function eject(name: string): void {
    silences.delete(name);
    ejectedUntil.set(
      name,
      flaw('ejects-for-good') ? Number.POSITIVE_INFINITY : host.clock.monotonic() + options.ejectedFor,
    );
  }

  function candidates(tried: ReadonlySet<string>): readonly string[] {
    const now = host.clock.monotonic();
    const left = members.filter((name) => !tried.has(name));
    const healthy = left.filter((name) => (ejectedUntil.get(name) ?? 0) <= now);
    return healthy.length > 0 || flaw('ejects-for-good') ? healthy : left;
  }

  /** The answer; undefined if the request was certainly not carried out and somebody else may try. */
  async function attempt(name: string, request: UserRequest): Promise<Reply | undefined> {
    outstanding.set(name, open(name) + 1);
    try {
      const reply = (await host.network.request(name, request, { timeout: request.patience })) as Reply;
      silences.delete(name);
      return reply.error === 'not-started' ? undefined : reply;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      if (error.definite) {
        eject(name);
        return undefined;
      }
      if (error instanceof RequestTimeout) {
        const inARow = (silences.get(name) ?? 0) + 1;
        silences.set(name, inARow);
        if (inARow >= SILENCES_MOST) eject(name);
      }
      return { type: 'info', error: error.code, node: name };
    } finally {
      outstanding.set(name, open(name) - 1);
    }
  }

  async function balance(request: UserRequest): Promise<Reply> {
    const until = host.clock.monotonic() + request.patience;
    const tried = new Set<string>();
    for (;;) {
      const left = until - host.clock.monotonic();
      const able = candidates(tried);
      if (able.length === 0 || left <= 0) return { type: 'fail', error: 'no-front-end' };
      const name = choose(able, open);
      const reply = await attempt(name, { ...request, patience: left });
      if (reply !== undefined) return reply;
      tried.add(name);
    }
  }

  host.network.onRequest(
    async (message): Promise<Json> => ({
      ...(await balance(message as UserRequest)),
      // For people, as in HTTP: nothing depends on it.
      date: host.clock.wall(),
    }),
  );
  host.network.onMessage((message) => {
    members = (message as { readonly members: readonly string[] }).members;
  });
}
