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
import { failureOf } from '../shared/failure.ts';
import type { EtcdOptions } from './options.ts';
import { CLIENT_PORT } from './server.ts';

/** Errors of the server which say that the request was never proposed. Any other may follow a proposal that still comes through. */
const NOT_PROPOSED =
  /too many requests|database space exceeded|request is too large|duplicate key|requested lease not found/;

interface Answer {
  readonly kvs?: readonly { readonly value?: string }[];
  readonly succeeded?: boolean;
  readonly error?: string;
}

/**
 * Talks to one member over etcd's JSON gateway, and turns to the next one after an operation that did not succeed. Sends nothing
 * twice. Compare-and-set is a transaction on the value.
 */
export class EtcdClient implements Client {
  private readonly members: readonly { readonly name: string; readonly url: string }[];
  private readonly options: EtcdOptions;
  private turn: number;

  constructor(host: Host, { options, hosts }: Setting<EtcdOptions>) {
    const machine = machineOf(host);
    this.options = options;
    this.members = hosts.server!.map((name) => ({
      name,
      url: `http://${machine.addressOf(name)}:${CLIENT_PORT}/v3/kv`,
    }));
    // Each incarnation begins one member further.
    this.turn = Math.max(0, hosts.client!.indexOf(host.name)) + host.incarnation;
  }

  async invoke({ f, key, value }: Request): Promise<Completion> {
    const member = this.members[this.turn % this.members.length]!;
    const completion = await this.ask(member.url, f, String(key), value);
    if (completion.type !== 'ok' && completion.error !== 'cas-mismatch') this.turn++;
    return { ...completion, node: member.name };
  }

  private async ask(url: string, f: string, key: string, value: Json): Promise<Completion> {
    try {
      const answer = await this.send(url, f, base64(key), value);
      if (answer.error !== undefined)
        return {
          type: f === 'read' || NOT_PROPOSED.test(answer.error) ? 'fail' : 'info',
          error: answer.error,
        };
      if (f === 'read') return { type: 'ok', value: valueIn(answer) };
      if (f === 'cas' && answer.succeeded !== true) return { type: 'fail', error: 'cas-mismatch' };
      return { type: 'ok', value };
    } catch (error) {
      const { why, sent } = failureOf(error);
      return { type: f === 'read' || !sent ? 'fail' : 'info', error: why };
    }
  }

  private send(url: string, f: string, key: string, value: Json): Promise<Answer> {
    switch (f) {
      case 'read':
        return this.post(`${url}/range`, { key, serializable: this.options.serializable });
      case 'write':
        return this.post(`${url}/put`, { key, value: base64(JSON.stringify(value)) });
      case 'cas': {
        const [from, to] = value as [Json, Json];
        // A key that does not exist has version 0.
        const compare =
          from === null
            ? { key, result: 'EQUAL', target: 'VERSION', version: '0' }
            : { key, result: 'EQUAL', target: 'VALUE', value: base64(JSON.stringify(from)) };
        const put = { requestPut: { key, value: base64(JSON.stringify(to)) } };
        return this.post(`${url}/txn`, { compare: [compare], success: [put] });
      }
      default:
        return Promise.reject(new RangeError(`expected read, write or cas, got ${f}`));
    }
  }

  private async post(url: string, body: object): Promise<Answer> {
    const signal = AbortSignal.timeout(this.options.requestTimeout / MILLISECOND);
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(body), signal });
    const answer = (await response.json()) as Answer;
    return response.ok ? answer : { error: answer.error ?? `HTTP ${response.status}` };
  }
}

function base64(text: string): string {
  return btoa(text);
}

function valueIn({ kvs }: Answer): Json {
  const found = kvs?.[0];
  return found === undefined ? null : (JSON.parse(atob(found.value ?? '')) as Json);
}
