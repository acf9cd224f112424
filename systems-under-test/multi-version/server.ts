import type { Host, Json, Setting } from '../../harness/contract/index.ts';
import { Sessions } from '../shared/sessions.ts';
import { levelOf } from './levels/index.ts';
import type { MultiVersionOptions } from './options.ts';
import { Store } from './store.ts';

export function startServer(host: Host, setting: Setting<MultiVersionOptions>): void {
  const level = levelOf(setting, () => host.clock.monotonic());
  const store = new Store(host, level, setting.options.timeout);
  const sessions = new Sessions(host);
  host.network.onRequest((request) => {
    const message = request as { readonly [name: string]: Json };
    if (message.f === 'open') return { session: sessions.open() };
    const { session, number } = message;
    return sessions.once(session, number, () => store.execute(String(session), message));
  });
}
