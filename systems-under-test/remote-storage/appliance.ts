import { DiskFull, type Host, HostError, type Json, type Setting } from '../../harness/contract/index.ts';
import type { Key } from '../shared/value-table.ts';
import { Blocks } from './blocks.ts';
import type { RemoteStorageOptions } from './options.ts';

export type PutRequest = {
  readonly f: 'put';
  readonly key: Key;
  readonly value: Json;
  readonly writer: string;
  /** The version that it replaces; whatever is there, if absent. */
  readonly ifVersion?: number;
};

export type StorageRequest = { readonly f: 'get'; readonly key: Key } | PutRequest;

/** `block`: null for a key that was never written. `fail`: certainly not written; `info`: nobody knows. */
export type StorageReply =
  | {
      readonly type: 'block';
      readonly block: { readonly value: Json; readonly version: number; readonly writer: string } | null;
    }
  | { readonly type: 'written' | 'conflict' }
  | { readonly type: 'fail' | 'info'; readonly error: string };

/** The storage appliance: gets and puts blocks, and knows nothing of what they mean. */
export async function startAppliance(
  host: Host,
  { options, flaw }: Setting<RemoteStorageOptions>,
): Promise<void> {
  let blocks: Blocks | undefined;
  let failure = 'starting';

  async function carryOut(request: StorageRequest): Promise<StorageReply> {
    if (blocks === undefined) return { type: 'fail', error: failure };
    if (request.f === 'get') return { type: 'block', block: (await blocks.get(request.key)) ?? null };
    const { key, value, writer, ifVersion } = request;
    return { type: (await blocks.put({ key, value, writer }, ifVersion)) ? 'written' : 'conflict' };
  }

  host.network.onRequest(async (message): Promise<Json> => {
    const request = message as StorageRequest;
    try {
      return await carryOut(request);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      const unharmed = request.f === 'get' || error instanceof DiskFull || error.definite;
      return { type: unharmed ? 'fail' : 'info', error: error.code };
    }
  });
  try {
    blocks = await Blocks.open(host.disk, options.slotBytes, flaw('acknowledges-from-write-cache'));
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    failure = error.code;
  }
}
