import { afterEach, describe, expect, it, vi } from 'vitest';
import { SECOND } from '../contract/index.ts';
import { testWorld } from './testing/world.ts';
import { AmbientAccess, arm, disarm, installTraps, takeCaught } from './traps.ts';

/** What the run ended with when a program did this. */
async function runWith(access: () => unknown): Promise<string> {
  const { world } = testWorld(1);
  world.boot('n1', async () => {
    try {
      await access();
    } catch {
      // A system that swallows everything.
    }
  });
  return world.run().then(
    (end) => end.why,
    (error: Error) => error.message,
  );
}

describe('traps in a run', () => {
  const date = new Date(0);
  const refused: [string, () => unknown, string][] = [
    ['Date()', () => Date(), 'host.clock'],
    ['new Date()', () => new (date.constructor as DateConstructor)(), 'host.clock'],
    ['new Date()', () => new (class Mine extends Date {})(), 'host.clock'],
    ['new Date()', () => Reflect.construct(Date, []), 'host.clock'],
    ['new Date(year, month, ...)', () => new Date(2026, 0), 'Date.UTC()'],
    ['getHours()', () => date.getHours(), 'UTC'],
    ['toString()', () => `${date}`, 'UTC'],
    ['localeCompare()', () => 'a'.localeCompare('b'), 'comparison by <'],
    ['toLocaleString()', () => (1.5).toLocaleString(), 'toString()'],
    ['new Intl.Collator', () => new Intl.Collator(), 'formatting of your own'],
    ['process.nextTick()', () => process.nextTick(() => {}), 'queueMicrotask()'],
    ['process.hrtime()', () => process.hrtime(), 'host.clock'],
    ['process.hrtime.bigint()', () => process.hrtime.bigint(), 'host.clock'],
    ['setInterval()', () => setInterval(() => {}, 1), 'host.after()'],
    ['setImmediate()', () => setImmediate(() => {}), 'host.after()'],
    ['AbortSignal.timeout()', () => AbortSignal.timeout(1), 'host.after()'],
    ['new WeakRef', () => new WeakRef(date), 'a plain reference'],
    ['new MessageChannel', () => new MessageChannel(), 'host.network'],
    [
      'crypto.subtle.digest()',
      () => crypto.subtle.digest('SHA-1', new Uint8Array()),
      'a synchronous computation',
    ],
  ];
  for (const [name, access, instead] of refused) {
    it(`refuse ${name}: ${access}`, async () => {
      expect(await runWith(access)).toContain(
        `${name} was used inside the simulated world, on host n1: use ${instead}`,
      );
    });
  }

  const allowed: [string, () => unknown][] = [
    [
      'a date of a given moment',
      () => [new Date(5).getTime(), new Date('2026-01-01T00:00:00Z').toISOString()],
    ],
    [
      'instanceof and copies of dates',
      () => date instanceof Date && new (date.constructor as DateConstructor)(date),
    ],
    ['microtasks', () => new Promise<void>((resolve) => queueMicrotask(resolve))],
    ['structured clones', () => structuredClone({ a: [1] })],
    ['exact arithmetic', () => Math.imul(3, Math.floor(2.5))],
  ];
  for (const [name, access] of allowed) {
    it(`allow ${name}`, async () => {
      expect(await runWith(access)).toBe('idle');
    });
  }

  it('allow printing, which Node does by ticks and clocks of its own', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {
      process.nextTick(() => {});
      performance.now();
    });
    expect(await runWith(() => console.log('seen by people'))).toBe('idle');
    expect(log.mock.calls).toEqual([['seen by people']]);
    log.mockRestore();
  });

  it('catch what a continuation, a timer and a message handler do, on the host where it happened', async () => {
    for (const where of ['continuation', 'timer', 'handler'] as const) {
      const { world } = testWorld(2);
      world.boot('n2', (host) => host.network.onMessage(() => void (where === 'handler' && Math.random())));
      world.boot('n1', async (host) => {
        host.network.send('n2', 1);
        await Promise.resolve();
        if (where === 'continuation') Math.random();
        host.after(SECOND, () => void (where === 'timer' && Math.random()));
      });
      await expect(world.run()).rejects.toThrow(
        `Math.random() was used inside the simulated world, on host ${where === 'handler' ? 'n2' : 'n1'}: use host.random`,
      );
    }
  });

  it('are not armed for the harness: its actions may look at the real clock', async () => {
    const { world } = testWorld(1);
    const seen: unknown[] = [];
    world.boot('n1', () => {});
    world.at(SECOND, async () => {
      seen.push(Date.now() > 0, Math.random() < 1, new Date() instanceof Date);
      await Promise.resolve();
      seen.push(performance.now() > 0);
    });
    await world.run();
    expect(seen).toEqual([true, true, true, true]);
  });
});

describe('after a run', () => {
  const before = {
    Date,
    now: Date.now,
    constructor: Date.prototype.constructor,
    random: Math.random,
    setTimeout,
    nextTick: process.nextTick,
    bigint: process.hrtime.bigint,
    localeCompare: String.prototype.localeCompare,
    log: console.log,
    Collator: Intl.Collator,
    getHours: Date.prototype.getHours,
  };
  function untouched(): void {
    expect({
      Date,
      now: Date.now,
      constructor: Date.prototype.constructor,
      random: Math.random,
      setTimeout,
      nextTick: process.nextTick,
      bigint: process.hrtime.bigint,
      localeCompare: String.prototype.localeCompare,
      log: console.log,
      Collator: Intl.Collator,
      getHours: Date.prototype.getHours,
    }).toEqual(before);
    expect(new Date()).toBeInstanceOf(Date);
    expect(new Date().constructor).toBe(Date);
    expect(new (class Mine extends Date {})()).toBeInstanceOf(Date);
  }
  afterEach(untouched);

  it('everything is as it was', async () => {
    expect(await runWith(() => {})).toBe('idle');
  });

  it('that failed by a trap, by a fault of the harness, or by one in a promise of it, too', async () => {
    expect(await runWith(() => Math.random())).toContain('Math.random()');
    for (const action of [() => Promise.reject(new Error('planted')), failing]) {
      const { world } = testWorld(1);
      world.at(1, action);
      await expect(world.run()).rejects.toThrow('planted');
    }
  });

  it('another can follow, and fails for its own reasons only', async () => {
    expect(await runWith(() => Math.random())).toContain('Math.random()');
    expect(await runWith(() => {})).toBe('idle');
    expect(await runWith(() => setTimeout(() => {}, 1))).toContain('setTimeout()');
  });

  it('error handlers of the process are back in place', async () => {
    const listeners = () =>
      ['unhandledRejection', 'uncaughtException'].map((name) => process.listeners(name as 'exit'));
    const handlers = listeners();
    await runWith(() => Math.random());
    expect(listeners()).toEqual(handlers);
  });

  it('two at the same time share the traps; the last one takes them away', async () => {
    const runs = [runWith(() => {}), runWith(() => {})];
    expect(Math.random).not.toBe(before.random);
    expect(await Promise.all(runs)).toEqual(['idle', 'idle']);
  });
});

describe('traps by themselves', () => {
  it('nest, do nothing until armed, and are removed by the last of those who installed them', () => {
    const original = Math.random;
    const removeOuter = installTraps();
    const removeInner = installTraps();
    expect(Math.random()).toBeLessThan(1);
    arm('n1');
    expect(() => Math.random()).toThrow(AmbientAccess);
    expect(() => Date.now()).toThrow(AmbientAccess);
    disarm();
    // The first one is kept, and taken once.
    expect(takeCaught()?.message).toContain('Math.random()');
    expect(takeCaught()).toBeUndefined();
    removeInner();
    removeInner();
    expect(Math.random).not.toBe(original);
    removeOuter();
    expect(Math.random).toBe(original);
  });
});

function failing(): never {
  throw new Error('planted');
}
