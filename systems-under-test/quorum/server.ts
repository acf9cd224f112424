import { DiskFull, type Host, HostError, type Json, type Setting } from '../../harness/contract/index.ts';
import { parseCommand } from '../shared/command.ts';
import { HashRing } from '../shared/hash-ring.ts';
import { Sessions } from '../shared/sessions.ts';
import { AntiEntropy } from './anti-entropy.ts';
import { Coordinator } from './coordinator.ts';
import { Copies, type Fields } from './copies.ts';
import { stateIn } from './forms.ts';
import { handOffForever } from './hand-off.ts';
import type { QuorumOptions } from './options.ts';
import { recoverCopy } from './recovery.ts';
import { Replica } from './replica.ts';

/** Points of each server on the ring. */
export const VIRTUAL_NODES = 20;

/** A server: keeps copies, and coordinates the requests of clients. */
export async function startServer(host: Host, setting: Setting<QuorumOptions>): Promise<void> {
  const ring = new HashRing(setting.hosts.server!, VIRTUAL_NODES);
  const replica = new Replica(host, setting);
  const copies = new Copies(host, setting, ring, replica);
  const coordinator = new Coordinator(host, setting, replica, copies);
  const antiEntropy = new AntiEntropy(host, setting, replica, copies);
  const sessions = new Sessions(host);
  const { version = 1 } = host.configuration;
  let ready = false;

  host.network.onRequest(async (request, from): Promise<Json> => {
    const reply = await answer(request, from);
    // Version 1 did not say.
    return version >= 2 ? { ...(reply as Fields), version } : reply;
  });

  async function answer(request: Json, from: string): Promise<Json> {
    if (!ready) return { type: 'fail', error: 'starting' };
    const message = request as Fields;
    switch (message.f) {
      case 'open':
        return { session: sessions.open() };
      case 'fetch':
        return replica.complete
          ? { type: 'ok', state: replica.read(message.key as string) ?? null }
          : { type: 'fail', error: 'recovering' };
      case 'store':
        return refusing(() => store(message));
      case 'compare':
        return antiEntropy.compare(message, from);
      case 'exchange':
        return refusing(() => antiEntropy.exchange(message, from));
      case 'snapshot':
        return { type: 'ok', entries: [...antiEntropy.inCommon(from)] };
      default: {
        const command = parseCommand(message);
        if (typeof command === 'string') return { type: 'fail', error: command };
        return sessions.once(message.session, message.number, () => carryOut(command.f, message));
      }
    }
  }

  async function carryOut(f: string, { key, value = null }: Fields): Promise<Json> {
    if (f === 'read') return { ...(await coordinator.read(key as string)) };
    const { value: written, context } = value as { readonly value: Json; readonly context: Json };
    return { ...(await coordinator.write(key as string, written, context)) };
  }

  async function store(message: Fields): Promise<Fields> {
    const { key, hint = null } = message;
    const state = stateIn(message, version);
    if (state === undefined) return { type: 'ok', state: null };
    if (setting.flaw('replaces-copy')) await replica.replace(key as string, state);
    else await replica.merge(key as string, state, hint === null ? [] : [hint as string]);
    if (hint !== null) host.sometimes(true, 'stood in');
    return { type: 'ok', state: null };
  }

  try {
    await replica.open();
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    host.exit(error.message);
    return;
  }
  ready = true;
  host.copies(() =>
    [...replica.copies()]
      .filter(([key]) => copies.owners(key).includes(host.name))
      .map(([key, state]) => ({ of: key, at: null, state })),
  );
  void handOffForever(host, setting, replica, copies);
  void antiEntropy.run();
  await recoverCopy(host, setting, ring, replica, antiEntropy);
}

/** Answers with the reason where the disk is full. */
async function refusing(work: () => Promise<Fields>): Promise<Fields> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DiskFull)) throw error;
    return { type: 'fail', error: error.code };
  }
}
