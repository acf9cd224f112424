import { type Host, HostError, type Json, type Setting } from '../../harness/contract/index.ts';
import { byKey } from '../shared/by-key.ts';
import { parseCommand } from '../shared/command.ts';
import { MergeStore } from '../shared/merge-store.ts';
import { Sessions } from '../shared/sessions.ts';
import { Gossip } from './gossip.ts';
import type { CrdtOptions } from './options.ts';
import { counter } from './types/counter.ts';
import type { DataType } from './types/data-type.ts';
import { lastWriteRegister, multiValueRegister } from './types/registers.ts';
import { set } from './types/set.ts';

type Fields = { readonly [name: string]: Json };

/** A replica: carries every operation out on its own copy, answers when that is on its disk, and tells the others later. */
export async function startReplica(host: Host, setting: Setting<CrdtOptions>): Promise<void> {
  const types: { readonly [type: string]: DataType } = {
    counter: counter(setting.flaw('merges-net-counts')),
    set: set({
      removesForGood: setting.flaw('removes-for-good'),
      keepsAll: setting.flaw('merges-by-union'),
      numbersAnew: setting.flaw('numbers-anew'),
    }),
    register: lastWriteRegister,
    'multi-value-register': multiValueRegister,
  };
  /** Keys are `type/name`. */
  const typeOf = (key: string): DataType => types[key.slice(0, key.indexOf('/'))]!;
  const store = new MergeStore(host, {
    checkpointBytes: setting.options.checkpointBytes,
    skipSync: setting.flaw('acknowledges-before-sync'),
  });
  const gossip = new Gossip(host, setting, store, typeOf);
  const sessions = new Sessions(host);
  let ready = false;
  host.copies(() => [{ of: 'the data', at: null, state: byKey(store.entries()) }]);

  host.network.onRequest((request): Json | Promise<Json> => {
    if (!ready) return { type: 'fail', error: 'starting' };
    const message = request as Fields;
    if (message.f === 'open') return { session: sessions.open() };
    if (message.f === 'gossip') return gossip.take(message);
    const command = parseCommand(message);
    if (typeof command === 'string') return { type: 'fail', error: command };
    return sessions.once(message.session, message.number, () => carryOut(message));
  });

  async function carryOut({ f, key, value = null }: Fields): Promise<Json> {
    const name = key as string;
    const type = typeOf(name);
    if (f === 'read') return { type: 'ok', value: type.show(store.get(name)) };
    const call = value as { readonly f: string; readonly value: Json };
    try {
      await store.update(name, (current) =>
        type.apply(current, { ...call, actor: store.actor, time: host.clock.wall() }),
      );
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return { type: error.definite ? 'fail' : 'info', error: error.code };
    }
    gossip.touched(name);
    return { type: 'ok', value: null };
  }

  try {
    await store.open();
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    host.exit(error.message);
    return;
  }
  ready = true;
  await gossip.run();
}
