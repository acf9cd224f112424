import { hostNemesis, none } from './host-nemesis.ts';
import { NO_PARAMETERS } from './parameters.ts';

/**
 * The disk is gone with everything on it, for good: the process meets DiskFailure until it restarts on an empty one.
 * May break: every byte of this host, acknowledged and synced or not.
 * Must survive: the other disks. What the system promised must be left elsewhere.
 */
export const diskDestroyed = hostNemesis({
  name: 'disk-destroyed',
  summary: 'the disk and everything on it is gone for good',
  lever: 'disk-destroy',
  parameters: NO_PARAMETERS,
  momentary: true,
  lasting: true,
  values: none,
  act: (levers, host) => levers.destroyDisk(host),
});
