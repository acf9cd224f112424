import type { Host, Json, Message, Setting } from '../../harness/contract/index.ts';
import { DurableStore } from '../shared/durable-store.ts';
import { plainTable } from '../shared/value-table.ts';
import type { OrchestratorOptions } from './options.ts';

const CHECKPOINT_BYTES = 16_384;

/** What a resource keeps of a service, as one value: whatever changes, changes at once. */
export type Kept = {
  /** The highest token that was ever shown. */
  readonly token: number;
  /** Changes made under this token. */
  readonly sequence: number;
  readonly values: { readonly [key: string]: Json };
};

/** `open` brings a new token; `read` and `store` must show the current one. */
export type ResourceRequest =
  | { readonly f: 'open'; readonly service: string; readonly token: number }
  | { readonly f: 'read'; readonly service: string; readonly token: number; readonly key: string }
  | {
      readonly f: 'store';
      readonly service: string;
      readonly token: number;
      /** 1 for the first change under the token; a change that comes again is not made again. */
      readonly sequence: number;
      readonly key: string;
      readonly value: Json;
    };

export type ResourceReply =
  | { readonly type: 'ok'; readonly value: Json }
  | { readonly type: 'fail' | 'info'; readonly error: string };

const NEW: Kept = { token: 0, sequence: 0, values: {} };
const SUPERSEDED: ResourceReply = { type: 'fail', error: 'superseded' };

/**
 * Keeps the data of services on its disk, and serves the newest instance of each only: it remembers the highest token that it was
 * shown, durably, and refuses all lower ones (Kleppmann, "How to do distributed locking", 2016: fencing tokens).
 */
class Resource {
  private readonly host: Host;
  private readonly store: DurableStore;
  private readonly flaw: (name: string) => boolean;
  /** The end of the line of requests for each service: one at a time. */
  private readonly lines = new Map<string, Promise<unknown>>();

  constructor(host: Host, store: DurableStore, flaw: (name: string) => boolean) {
    this.host = host;
    this.store = store;
    this.flaw = flaw;
  }

  answer(request: ResourceRequest): Promise<ResourceReply> {
    const before = this.lines.get(request.service) ?? Promise.resolve();
    const reply = before.then(() => this.carryOut(request));
    this.lines.set(request.service, reply);
    return reply;
  }

  private async carryOut(request: ResourceRequest): Promise<ResourceReply> {
    const { service, token } = request;
    const found = await this.store.execute({ f: 'read', key: service });
    if (found.type !== 'ok') return found;
    const kept = (found.value ?? NEW) as Kept;
    const current = request.f === 'open' ? token >= kept.token : token === kept.token;
    if (!current && !this.flaw('resource-ignores-tokens')) return SUPERSEDED;
    this.host.always(token >= kept.token, 'a resource accepts no superseded token', {
      service,
      token,
      highest: kept.token,
    });
    switch (request.f) {
      case 'open':
        return this.open(request.service, token, kept);
      case 'read':
        return { type: 'ok', value: kept.values[request.key] ?? null };
      case 'store': {
        if (request.sequence <= kept.sequence) return { type: 'ok', value: null };
        const values = { ...kept.values, [request.key]: request.value };
        return this.keep(service, kept, { token, sequence: request.sequence, values });
      }
    }
  }

  private async open(service: string, token: number, kept: Kept): Promise<ResourceReply> {
    // Asked again: what the instance has changed since stays.
    if (token === kept.token) return { type: 'ok', value: kept };
    const opened = { ...kept, token, sequence: 0 };
    const reply = await this.keep(service, kept, opened);
    return reply.type === 'ok' ? { type: 'ok', value: opened } : reply;
  }

  private async keep(service: string, before: Kept, kept: Kept): Promise<ResourceReply> {
    const later = kept.token - before.token || kept.sequence - before.sequence;
    this.host.always(later > 0, 'what a resource keeps goes forward: by token, then by sequence', {
      service,
    });
    const outcome = await this.store.execute({ f: 'write', key: service, value: kept });
    return outcome.type === 'ok' ? { type: 'ok', value: null } : outcome;
  }
}

export async function startResource(host: Host, { flaw }: Setting<OrchestratorOptions>): Promise<void> {
  const store = new DurableStore(host, plainTable(), { checkpointBytes: CHECKPOINT_BYTES });
  await store.open();
  const resource = new Resource(host, store, flaw);
  host.network.onRequest((request): Promise<Message> => resource.answer(request as ResourceRequest));
}
