import { type Host, HostError, MILLISECOND, type Nanos, type Setting } from '../../harness/contract/index.ts';
import { type Command, type Outcome, same } from '../shared/command.ts';
import { serve } from '../shared/serve.ts';
import type { PutRequest, StorageReply, StorageRequest } from './appliance.ts';
import type { RemoteStorageOptions } from './options.ts';

const PAUSE: Nanos = 5 * MILLISECOND;

/**
 * A compute server: carries out commands on blocks that are somewhere else. It keeps nothing, so that any number of them may work on the same blocks:
 * a write says which version it replaces, and the appliance refuses it if that is not the present one (optimistic concurrency control: Kung
 * and Robinson, ACM TODS 6(2), 1981).
 *
 * When no answer comes to a put, or it is refused, a copy of it may have been carried out, or be under way. The block tells: if the version that it would have
 * been is somebody else's, no copy of it was or ever will be carried out; if there are later versions, nobody knows.
 */
export function startCompute(host: Host, { options, hosts, flaw }: Setting<RemoteStorageOptions>): void {
  const appliance = hosts.storage![0]!;
  let requests = 0;

  /** What the appliance says; undefined if it says nothing; a reason if it certainly did nothing. */
  async function ask(request: StorageRequest): Promise<StorageReply | undefined> {
    try {
      const timeout = options.storageTimeout;
      return (await host.network.request(appliance, request, { timeout })) as StorageReply;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return error.definite ? { type: 'fail', error: error.code } : undefined;
    }
  }

  async function execute(command: Command): Promise<Outcome> {
    const { f, key } = command;
    const until = host.clock.monotonic() + options.requestTimeout;
    const writer = `${host.name}/${host.incarnation}/${++requests}`;
    /** A put was sent and may have been carried out. */
    let uncertain = false;
    let error = 'storage-timeout';
    /** The put that was sent last. */
    let put: PutRequest | undefined;
    const end = (): Outcome => ({ type: uncertain && f !== 'read' ? 'info' : 'fail', error });
    const note = (reply: StorageReply | undefined): void => {
      if (reply !== undefined && 'error' in reply) error = reply.error;
    };

    while (host.clock.monotonic() < until) {
      const found = await ask({ f: 'get', key });
      if (found?.type !== 'block') {
        note(found);
        await host.sleep(PAUSE);
        continue;
      }
      const { value: present, version, writer: by } = found.block ?? { value: null, version: 0, writer: '' };
      if (f === 'read') return { type: 'ok', value: present };
      if (put !== undefined && by === writer && !flaw('ignores-the-writer'))
        return { type: 'ok', value: command.value };
      if (put !== undefined && version > put.ifVersion!) {
        // Whoever wrote the version that ours would have been, it shuts ours out for good; of later ones nobody knows what was before.
        if (version > put.ifVersion! + 1) return end();
        uncertain = false;
      }
      if (f === 'cas' && !same(present, command.value[0])) return { type: 'fail', error: 'cas-mismatch' };
      const value = f === 'cas' ? command.value[1] : command.value;
      put = { f: 'put', key, value, writer, ifVersion: version };
      const reply = await ask(flaw('writes-without-condition') ? { f: 'put', key, value, writer } : put);
      if (reply?.type === 'written') return { type: 'ok', value: command.value };
      note(reply);
      // A refusal may be the answer to a second copy of ours.
      if (reply?.type !== 'fail') uncertain = true;
      else await host.sleep(PAUSE);
    }
    return end();
  }

  serve(host, execute);
}
