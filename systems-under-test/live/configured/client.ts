import {
  type Client,
  type Completion,
  type Host,
  type Json,
  machineOf,
  type Request,
  type Setting,
} from '../../../harness/contract/index.ts';
import { failureOf } from '../shared/failure.ts';
import type { Configuration } from './configuration.ts';
import type { Values } from './placeholders.ts';

/** Asks one server by a protocol. */
export interface Protocol {
  /** Sends the operation once. */
  ask(f: string, values: Values): Promise<Completion>;
  close(): void;
}

/** An operation that the server itself turned down; the next one may turn it down as well. */
export const MISMATCH = 'cas-mismatch';

/**
 * A client without code: each begins with a server of its own, and turns to the next one after an operation that did not succeed. Sends
 * nothing twice.
 */
export class TurningClient implements Client {
  private readonly servers: readonly { readonly name: string; readonly address: string }[];
  private readonly connect: (address: string) => Protocol;
  private protocol: Protocol | undefined;
  private turn: number;

  constructor(
    host: Host,
    { hosts }: Setting,
    { ask }: Pick<Configuration, 'ask'>,
    connect: (address: string) => Protocol,
  ) {
    const names = ask === 'first' ? hosts.server!.slice(0, 1) : hosts.server!;
    this.servers = names.map((name) => ({ name, address: machineOf(host).addressOf(name) }));
    this.connect = connect;
    this.turn = Math.max(0, hosts.client!.indexOf(host.name)) + host.incarnation - 1;
  }

  async invoke({ f, key, value }: Request): Promise<Completion> {
    const { name, address } = this.servers[this.turn % this.servers.length]!;
    this.protocol ??= this.connect(address);
    const [from, to] = f === 'cas' ? (value as [Json, Json]) : [null, null];
    const completion = await this.protocol.ask(f, {
      name,
      address,
      key: String(key),
      value: JSON.stringify(value),
      from: JSON.stringify(from),
      to: JSON.stringify(to),
    });
    if (completion.type !== 'ok' && completion.error !== MISMATCH) {
      this.turn++;
      this.close();
    }
    return { ...completion, ...(completion.type === 'ok' && f !== 'read' && { value }), node: name };
  }

  close(): void {
    this.protocol?.close();
    this.protocol = undefined;
  }
}

/** A client of the user's own, whose library may throw: that nothing was sent, or nothing to be written, is `fail`; else nobody knows. */
export function forgiving(client: Client): Client {
  return {
    async invoke(request) {
      try {
        return await client.invoke(request);
      } catch (error) {
        const { why, sent } = failureOf(error);
        return { type: request.f === 'read' || !sent ? 'fail' : 'info', error: why };
      }
    },
    close: () => client.close?.(),
  };
}

/** What was written as JSON; any other text as it is. */
export function valueIn(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
