import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { expect, it } from 'vitest';
import { SECOND } from '../contract/index.ts';
import { isNative, native } from './native.ts';
import { preloading } from './preload.ts';
import { WallClock } from './wall-clock.ts';

const HOUR = 3600;

it.skipIf(!isNative())(
  'a program that asks the C library sees the clock of its host, in a step and in a drift',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'wall-clock-'));
    const clock = new WallClock(join(folder, 'page'), native('clock', folder)!);
    /** Seconds by which `date` is ahead. */
    const ahead = (): number => {
      const { stdout } = execaSync('date', ['+%s.%N'], { env: preloading([clock.preload]) });
      return Number(stdout) - Date.now() / 1000;
    };
    try {
      expect(Math.abs(ahead())).toBeLessThan(HOUR / 2);
      expect(clock.reads).toBe(0);
      expect(clock.asked).toBeGreaterThan(0);
      clock.change({ step: HOUR * SECOND, driftPpm: 0 });
      expect(Math.abs(ahead() - HOUR)).toBeLessThan(HOUR / 2);
      expect(clock.reads).toBeGreaterThan(0);
      clock.change({ step: -2 * HOUR * SECOND, driftPpm: 0 });
      expect(Math.abs(ahead() + HOUR)).toBeLessThan(HOUR / 2);
      clock.change({ step: HOUR * SECOND, driftPpm: 1e12 });
      // A million seconds a second: after a hundredth of one it is hours ahead.
      const until = Date.now() + 20;
      while (Date.now() < until);
      expect(ahead()).toBeGreaterThan(2 * HOUR);
      expect(clock.ahead).toBeGreaterThan(2 * HOUR * SECOND);
    } finally {
      clock.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
