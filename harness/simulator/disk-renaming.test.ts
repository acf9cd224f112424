import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UnsyncedWrites } from '../contract/levers.ts';
import { MILLISECOND } from '../contract/time.ts';
import { DiskState } from './disk-state.ts';
import { createRandom } from './random.ts';
import { testWorld } from './testing/world.ts';

const MS = MILLISECOND;
const bytes = (text: string) => new TextEncoder().encode(text);
/** All files with their content. */
const content = (disk: DiskState) =>
  disk
    .list()
    .map((name) => `${name}=${new TextDecoder().decode(disk.read(name)).replaceAll('\0', '.')}`)
    .join(' ');

/** What a loss of power may leave, over many seeds, sorted. */
function outcomes(prepare: (disk: DiskState) => void, mode: UnsyncedWrites = 'draw'): string[] {
  const found = new Set<string>();
  for (let seed = 0; seed < 60; seed++) {
    const disk = new DiskState(1000);
    prepare(disk);
    disk.powerLost(mode, createRandom(`renaming/${seed}`));
    expect(disk.used).toBe(disk.list().reduce((sum, name) => sum + disk.size(name), 0));
    found.add(content(disk));
  }
  return [...found].sort();
}

/** A file that is durable. */
function durable(disk: DiskState, name: string, text: string): void {
  disk.append(name, bytes(text));
  disk.sync(name);
}

describe('a renaming', () => {
  it('shows at once, replaces what has the name, and frees its room', () => {
    const disk = new DiskState(10);
    disk.append('a', bytes('new'));
    disk.append('b', bytes('longer'));
    disk.rename('a', 'b');
    disk.rename('none', 'c');
    disk.rename('b', 'b');
    expect(content(disk)).toBe('b=new');
    expect(disk.exists('a')).toBe(false);
    expect(disk.used).toBe(3);
    disk.append('b', bytes('er'));
    expect(content(disk)).toBe('b=newer');
  });

  it('of a synced file leaves the old or the new after a loss of power, never neither', () => {
    const prepare = (disk: DiskState): void => {
      durable(disk, 'config', 'old');
      durable(disk, 'config.tmp', 'new');
      disk.rename('config.tmp', 'config');
    };
    expect(outcomes(prepare)).toEqual(['config=new', 'config=old config.tmp=new']);
    expect(outcomes(prepare, 'keep')).toEqual(['config=new']);
    expect(outcomes(prepare, 'lose')).toEqual(['config=old config.tmp=new']);
  });

  it('of a file that was not synced may leave the name with nothing or a part of it: the mistake of those who forget to sync', () => {
    const found = outcomes((disk) => {
      durable(disk, 'config', 'old');
      disk.append('config.tmp', bytes('new'));
      disk.rename('config.tmp', 'config');
    });
    expect(found).toContain('config=');
    expect(found).toContain('config=new');
    expect(found).toContain('config=old');
    expect(found.some((files) => /config=(n|ne)\.*$/.test(files))).toBe(true);
    // The name exists in every case.
    for (const files of found) expect(files).toMatch(/(^| )config=/);
  });

  it('is durable when the new name is synced, with all that came before it', () => {
    const found = outcomes((disk) => {
      durable(disk, 'log', 'first');
      disk.rename('log', 'log.1');
      durable(disk, 'log', 'second');
    });
    expect(found).toEqual(['log=second log.1=first']);
  });

  it('is lost with those after it: the journal keeps their order', () => {
    const found = outcomes((disk) => {
      durable(disk, 'a', '1');
      disk.rename('a', 'b');
      disk.rename('b', 'c');
    });
    expect(found).toEqual(['a=1', 'b=1', 'c=1']);
  });

  it('that is undone undoes what was done to the file afterwards', () => {
    const found = outcomes((disk) => {
      durable(disk, 'a', 'text');
      disk.rename('a', 'b');
      disk.remove('b');
    }, 'lose');
    expect(found).toEqual(['a=text']);
  });
});

describe('renamings among other operations', () => {
  const name = fc.constantFrom('a', 'b', 'c');
  const step = fc.oneof(
    fc.record({ do: fc.constant('append' as const), name, text: fc.string({ maxLength: 5 }) }),
    fc.record({ do: fc.constant('rename' as const), name, to: name }),
    fc.record({ do: fc.constantFrom('remove' as const, 'sync' as const), name }),
  );

  it('show at once; what a loss of power leaves is stable, and nothing is lost where it keeps everything', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 20 }),
        fc.constantFrom<UnsyncedWrites>('keep', 'lose', 'tear', 'draw'),
        fc.nat(1e6),
        (steps, mode, seed) => {
          const disk = new DiskState(1000);
          const model = new Map<string, string>();
          for (const one of steps) {
            if (one.do === 'append') {
              disk.append(one.name, bytes(one.text));
              model.set(one.name, (model.get(one.name) ?? '') + one.text);
            } else if (one.do === 'rename') {
              const before = model.get(one.name);
              disk.rename(one.name, one.to);
              if (before === undefined) continue;
              model.delete(one.name);
              model.set(one.to, before);
            } else if (one.do === 'remove') {
              disk.remove(one.name);
              model.delete(one.name);
            } else {
              disk.sync(one.name);
            }
          }
          const shown = [...model.keys()].sort().map((key) => [key, [...bytes(model.get(key)!)]]);
          const found = () => disk.list().map((key) => [key, [...disk.read(key)]]);
          expect(found()).toEqual(shown);
          disk.powerLost(mode, createRandom(`${seed}`));
          const left = found();
          if (mode === 'keep') expect(left).toEqual(shown);
          expect(disk.used).toBe(left.reduce((sum, [, content]) => sum + content!.length, 0));
          expect(disk.unsynced).toBe(0);
          disk.powerLost('lose', createRandom(`${seed}`));
          expect(found()).toEqual(left);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a process that blocks on the disk', () => {
  /** Writes and syncs three files in one event, 1 ms each with these latencies, and dies in the middle. */
  const interrupted = async (at: number, how: 'kill' | 'power') => {
    const { world } = testWorld(1, { diskWriteLatency: 0.4 * MS, diskSyncLatency: 0.6 * MS, cpuPerEvent: 0 });
    world.boot('n1', ({ native, incarnation }) => {
      if (incarnation > 1) return;
      for (const name of ['a', 'b', 'c']) {
        native!.files.append(name, bytes(name));
        native!.files.sync(name);
      }
      native!.files.rename('a', 'd');
    });
    const lever = (): void =>
      void (how === 'kill' ? world.levers.kill('n1') : world.levers.power('n1', 'lose'));
    world.at(at, lever);
    await world.run();
    return content(world.machine('n1').disk);
  };

  it('has done before it dies what it had waited for, and nothing else', async () => {
    expect(await interrupted(0.1 * MS, 'kill')).toBe('');
    expect(await interrupted(0.5 * MS, 'kill')).toBe('a=a');
    expect(await interrupted(1.5 * MS, 'kill')).toBe('a=a b=b');
    expect(await interrupted(3.1 * MS, 'kill')).toBe('a=a b=b c=c');
    expect(await interrupted(4 * MS, 'kill')).toBe('b=b c=c d=a');
  });

  it('has on stable storage what it had synced until the power failed', async () => {
    expect(await interrupted(0.5 * MS, 'power')).toBe('');
    expect(await interrupted(1.5 * MS, 'power')).toBe('a=a');
    expect(await interrupted(2.5 * MS, 'power')).toBe('a=a b=b');
    expect(await interrupted(4 * MS, 'power')).toBe('a=a b=b c=c');
  });

  it('does not get on while it is paused', async () => {
    const { world } = testWorld(1, { diskWriteLatency: MS, cpuPerEvent: 0 });
    world.boot('n1', ({ native, incarnation }) => {
      if (incarnation > 1) return;
      native!.files.append('a', bytes('a'));
      native!.files.append('b', bytes('b'));
    });
    world.at(1.5 * MS, () => {
      const pause = world.levers.pause('n1', 'process');
      world.at(10 * MS, () => pause.heal());
    });
    world.at(10.2 * MS, () => void world.levers.kill('n1'));
    await world.run();
    expect(content(world.machine('n1').disk)).toBe('a=a');
  });

  it('of its own will has done all that it did before', async () => {
    const { world } = testWorld(1);
    world.boot('n1', (host) => {
      host.native!.files.append('a', bytes('last words'));
      host.native!.files.sync('a');
      host.exit('done');
    });
    await world.run();
    world.machine('n1').disk.powerLost('lose', createRandom('x'));
    expect(content(world.machine('n1').disk)).toBe('a=last words');
  });

  it('takes the time of the disk, slowed down as it is, and what others see leaves afterwards', async () => {
    const { world } = testWorld(2, { diskWriteLatency: MS, cpuPerEvent: 0 });
    const arrived: number[] = [];
    world.boot('n2', ({ network }) => network.onMessage(() => void arrived.push(world.now())));
    world.levers.slowDisk('n1', 10);
    world.levers.slow('n1', 100);
    world.boot('n1', ({ native, network, clock }) => {
      const before = clock.monotonic();
      network.send('n2', 'hello');
      native!.files.append('a', bytes('a'));
      expect(clock.monotonic() - before).toBe(10 * MS);
    });
    await world.run();
    expect(arrived).toEqual([10.1 * MS]);
  });
});
