import { MILLISECOND } from '../harness/contract/index.ts';
import { hostNemesis, none } from './host-nemesis.ts';
import { NO_PARAMETERS } from './parameters.ts';

/**
 * No room is left on the disk: every write that needs more is refused with DiskFull and leaves nothing behind.
 * May break: progress of whoever must write.
 * Must survive: all that is on the disk, and reads. An acknowledgement must not follow a refused write.
 */
export const diskFull = hostNemesis({
  name: 'disk-full',
  summary: 'the disk has no room; writes are refused',
  lever: 'disk-full',
  parameters: NO_PARAMETERS,
  // Some systems write a few times a second.
  lengths: [200 * MILLISECOND, 5_000 * MILLISECOND],
  values: none,
  act: (levers, host) => levers.fillDisk(host),
});
