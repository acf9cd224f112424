import type { Applied, DiskChange, Nanos, Random } from '../contract/index.ts';
import { applied, outcome } from './applied.ts';
import type { Action } from './event-queue.ts';
import { EventCode, type Kernel } from './kernel.ts';
import type { Machine } from './machine.ts';

/** For how many times as long as a synced write takes the lever may come after what is waited for, at most. */
const WRITE_TIMES = 1;
/** A file is replaced in several steps. */
const REPLACEMENT_TIMES = 4;

/**
 * Puts a lever off until one of these machines sets out to change its disk (or to replace or remove a file, which is where the order of steps matters), and from there by a
 * part of the time that this takes: what is acknowledged too early is on its way then, and not yet on the disk. If it does not come `within` nanoseconds, the
 * lever is pulled at their end. Healed before: never.
 */
export function atWrite(
  kernel: Kernel,
  machines: readonly Machine[],
  what: DiskChange,
  within: Nanos,
  random: Random,
  act: () => Applied,
): Applied {
  let pulled: Applied | undefined;
  let over = false;
  const unwatch = (): void => {
    for (const { writeWatchers } of machines) writeWatchers.delete(seen);
  };
  const pull = (): void => {
    unwatch();
    if (over || pulled !== undefined) return;
    pulled = act();
  };
  const later = (delay: Nanos): void => {
    const event: Action = { fire: () => kernel.runHarness(pull) };
    kernel.schedule(kernel.now + delay, EventCode.harness, 0, 0, event);
  };
  const seen = ({ settings }: Machine, change: DiskChange): void => {
    if (what === 'replace' && change !== 'replace') return;
    unwatch();
    const times = what === 'replace' ? REPLACEMENT_TIMES : WRITE_TIMES;
    later(random.integer(0, times * (settings.diskWriteLatency + settings.diskSyncLatency)));
  };
  for (const { writeWatchers } of machines) writeWatchers.add(seen);
  later(within);
  return applied(
    () => {
      over = true;
      unwatch();
      void pulled?.heal();
    },
    () => pulled?.evidence() ?? outcome(false, { why: 'healed before anything was written' }),
  );
}
