import type { Json } from '../../harness/contract/index.ts';

/** Who is in the chain, head first. Configurations are numbered from 1; number 0 is the one before the first, with nobody in it. */
export type Configuration = {
  readonly number: number;
  readonly chain: readonly string[];
  /** A server outside the chain to which the tail sends its state, to become the new tail; '' if none. */
  readonly joining: string;
};

export const NO_CONFIGURATION: Configuration = { number: 0, chain: [], joining: '' };

export function isHead({ chain }: Configuration, server: string): boolean {
  return chain[0] === server;
}

export function isTail({ chain }: Configuration, server: string): boolean {
  return chain.at(-1) === server;
}

/** Who sends to this server: the one before it in the chain, or the tail to the one that joins. */
export function predecessorOf({ chain, joining }: Configuration, server: string): string | undefined {
  if (server === joining) return chain.at(-1);
  return chain[chain.indexOf(server) - 1];
}

/** To whom this server sends. */
export function successorOf({ chain, joining }: Configuration, server: string): string | undefined {
  const at = chain.indexOf(server);
  if (at < 0) return undefined;
  return chain[at + 1] ?? (joining === '' ? undefined : joining);
}

/** What a server tells the master. */
export type Ping = {
  readonly f: 'ping';
  readonly incarnation: number;
  /** Pings of one incarnation are numbered: a late one is ignored. */
  readonly nth: number;
  /** Number of the configuration that it acts in; 0 if none. */
  readonly configuration: number;
  /** Number of the configuration in which it last got the whole state; 0 if it has none, or lost it. */
  readonly joined: number;
  /** Number of the configuration in which it has everything that its predecessor had at the beginning; 0 if not yet. */
  readonly synced: number;
  /** Its successor has not answered for a while. */
  readonly unreachable: string;
  /** Servers outside the chain that answer the tail. */
  readonly reachable: readonly string[];
};

/** The master's answer to a ping. */
export type PingReply = {
  readonly configuration: Configuration;
  /** The configuration by which the master knows the server's copy; 0 if it is not in the chain and does not join. */
  readonly since: number;
  /** The server may answer reads alone for the lease time after it sent the ping. */
  readonly lease: boolean;
};

export type Fields = { readonly [name: string]: Json };
