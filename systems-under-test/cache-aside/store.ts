import type { Host, Setting } from '../../harness/contract/index.ts';
import { DurableStore } from '../shared/durable-store.ts';
import { serve } from '../shared/serve.ts';
import { plainTable } from '../shared/value-table.ts';
import { type CacheAsideOptions, membersAfter } from './options.ts';

/** The store's own entry: how many changes of the membership have happened. Keys of clients do not begin with this sign. */
const APPLIED = '$applied';

/** The store: the truth about all values, and about which cache servers are in use. */
export async function startStore(host: Host, { options, hosts }: Setting<CacheAsideOptions>): Promise<void> {
  const store = new DurableStore(host, plainTable(), { checkpointBytes: options.checkpointBytes });
  let applied = 0;
  const members = (changes: number) => membersAfter(options, changes).map((number) => hosts.cache![number]!);
  serve(
    host,
    (command) => {
      host.spend(options.storeWork);
      return store.execute(command);
    },
    ({ f }) => (f === 'members' ? { members: members(applied) } : undefined),
  );
  await store.open();
  const known = await store.execute({ f: 'read', key: APPLIED });
  if (known.type !== 'ok') return;
  applied = typeof known.value === 'number' ? known.value : 0;
  host.note('members', { members: members(applied) });

  // After a restart, the time that is left until the next change is not known: it is taken whole.
  while (applied < options.changes.length) {
    const before = applied === 0 ? 0 : options.changes[applied - 1]!.at;
    await host.sleep(Math.max(0, options.changes[applied]!.at - before));
    const kept = await store.execute({ f: 'write', key: APPLIED, value: applied + 1 });
    if (kept.type !== 'ok') continue;
    applied++;
    host.note('members', { members: members(applied) });
  }
}
