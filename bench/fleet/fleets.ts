import type { Nanos } from '../../harness/contract/index.ts';
import type { FleetOptions } from '../../systems-under-test/fleet/options.ts';

export const MINUTE: Nanos = 60e9;
export const HOUR: Nanos = 60 * MINUTE;
export const DAY: Nanos = 24 * HOUR;
export const YEAR: Nanos = 365 * DAY;

/** Fails so often that groups are lost: machines of a day and a half, copied within an hour. */
export const ACCELERATED: FleetOptions = {
  machines: 100,
  racks: 10,
  lifetime: 36 * HOUR,
  groups: 1000,
  copies: 3,
  placement: 'random',
  scatterWidth: 10,
  detection: { after: MINUTE },
  copyTime: HOUR,
  replacement: 2 * MINUTE,
};

/** Half of the failures of a machine are of its whole rack; in all it fails as often. */
export const CORRELATED: FleetOptions = { ...ACCELERATED, lifetime: 72 * HOUR, rackLifetime: 72 * HOUR };

export const TEN_THOUSAND: FleetOptions = {
  ...ACCELERATED,
  machines: 10_000,
  racks: 250,
  lifetime: 30 * YEAR,
  groups: 20_000,
  placement: 'racks',
  replacement: DAY,
};
