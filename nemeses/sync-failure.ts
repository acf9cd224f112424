import { MILLISECOND } from '../harness/contract/index.ts';
import { hostNemesis, none } from './host-nemesis.ts';
import { NO_PARAMETERS } from './parameters.ts';

/**
 * The disk takes no more writes, but the page cache does: every sync fails and saves nothing. What it was to save stays unsynced; a later sync that succeeds
 * saves it. That is kinder than most file systems, which take such pages for clean and never write them (Rebello et al., "Can Applications Recover from fsync
 * Failures?", ATC 2020): there, whoever tries again is told a lie. When it heals, an operator starts whoever has stopped.
 * May break: progress of whoever must sync.
 * Must survive: all that was synced before. An acknowledgement must not follow a failed sync.
 */
export const syncFailure = hostNemesis({
  name: 'sync-failure',
  summary: 'every sync of the disk fails and saves nothing',
  lever: 'disk-sync',
  parameters: NO_PARAMETERS,
  lengths: [200 * MILLISECOND, 5_000 * MILLISECOND],
  values: none,
  act: (levers, host) => levers.failSyncs(host),
});
