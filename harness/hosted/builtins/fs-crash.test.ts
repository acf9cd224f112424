import type fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MILLISECOND, SECOND, type UnsyncedWrites } from '../../contract/index.ts';
import { hostedOn } from '../testing/on-host.ts';
import type { Mount } from './context.ts';

const MS = MILLISECOND;
type Fs = typeof fs;

/** Runs a program that may be interrupted by a loss of power, and then what another one finds. */
async function afterPowerLoss<T>(
  program: (own: Fs, spend: (time: number) => void) => unknown,
  find: (own: Fs) => T,
  unsynced: UnsyncedWrites,
  at = SECOND,
): Promise<T | undefined> {
  let found: T | undefined;
  const { world, uncaught } = hostedOn([
    (context) => {
      const own = context.require('fs') as Fs;
      if (context.host.incarnation === 1) program(own, (time) => context.host.spend(time));
      else found = find(own);
    },
  ]);
  world.at(at, () => {
    const off = world.levers.power('n1', unsynced);
    world.at(at + SECOND, () => off.heal());
  });
  await world.run();
  expect(uncaught).toEqual([]);
  return found;
}

const read = (own: Fs): string | undefined =>
  own.existsSync('/data/x') ? own.readFileSync('/data/x', 'utf8') : undefined;

describe('after a loss of power', () => {
  it('a file is there that was synced, by whichever way', async () => {
    const ways: ((own: Fs) => unknown)[] = [
      (own) => own.writeFileSync('/data/x', 'safe', { flush: true } as never),
      (own) => {
        const fd = own.openSync('/data/x', 'w');
        own.writeSync(fd, 'safe');
        own.fdatasyncSync(fd);
        own.closeSync(fd);
      },
      async (own) => {
        const handle = await own.promises.open('/data/x', 'w');
        await handle.writeFile('safe');
        await handle.sync();
        await handle.close();
      },
      (own) => own.createWriteStream('/data/x', { flush: true } as never).end('safe'),
      (own) => own.writeFileSync('/data/x', 'safe', { flag: 'as' }),
      async (own) => {
        await own.promises.writeFile('/data/x.tmp', 'safe', { flush: true } as never);
        await own.promises.rename('/data/x.tmp', '/data/x');
        const handle = await own.promises.open('/data/x');
        await handle.sync();
        await handle.close();
      },
    ];
    for (const way of ways) {
      const program = (own: Fs): void => {
        own.mkdirSync('/data');
        void way(own);
      };
      expect(await afterPowerLoss(program, read, 'lose')).toBe('safe');
    }
  });

  it('a file may be gone that was not', async () => {
    const program = (own: Fs): void => {
      own.mkdirSync('/data', { recursive: true });
      own.writeFileSync('/data/x', 'unsafe');
    };
    expect(await afterPowerLoss(program, read, 'keep')).toBe('unsafe');
    expect(await afterPowerLoss(program, read, 'lose')).toBeUndefined();
  });

  it('that comes between two synced writes of one event, the first is there and not the second', async () => {
    const program = (own: Fs, spend: (time: number) => void): void => {
      own.mkdirSync('/data');
      own.writeFileSync('/data/x', 'first', { flush: true } as never);
      spend(100 * MS);
      own.writeFileSync('/data/x', 'second', { flush: true } as never);
    };
    expect(await afterPowerLoss(program, read, 'keep', 50 * MS)).toBe('first');
    expect(await afterPowerLoss(program, read, 'keep', 200 * MS)).toBe('second');
  });
});

describe('when the disk fails', () => {
  const failing = async (fault: 'full' | 'destroy', call: (own: Fs) => unknown) => {
    const codes: unknown[] = [];
    const { world } = hostedOn([
      (context) => {
        const own = context.require('fs') as Fs;
        own.mkdirSync('/data');
        context.later(2 * MS, async () => {
          try {
            await call(own);
            codes.push('no error');
          } catch (error) {
            const { code, syscall, message } = error as NodeJS.ErrnoException;
            codes.push(code, syscall, message);
          }
        });
      },
    ]);
    world.at(MS, () => {
      if (fault === 'full') world.levers.fillDisk('n1');
      else world.levers.destroyDisk('n1');
    });
    world.at(SECOND, () => world.stop());
    await world.run();
    return codes;
  };

  it('for lack of room, a write says so', async () => {
    const full = ['ENOSPC', 'write', 'ENOSPC: no space left on device, write'];
    expect(await failing('full', (own) => own.writeFileSync('/data/x', 'x'))).toEqual(full);
    expect(await failing('full', (own) => own.promises.writeFile('/data/x', 'x'))).toEqual(full);
  });

  it('for good, every call says so', async () => {
    const [code, syscall] = await failing('destroy', (own) => own.readFileSync('/data/x'));
    expect([code, syscall]).toEqual(['EIO', 'open']);
    expect((await failing('destroy', (own) => own.promises.stat('/data')))[0]).toBe('EIO');
    expect((await failing('destroy', (own) => own.promises.readdir('/data')))[0]).toBe('EIO');
  });
});

describe('the files of the project', () => {
  const text = (words: string) => new TextEncoder().encode(words);
  const mount: Mount = {
    root: '/app',
    read: (file) => (file === '/app/views/page.html' ? text('<p>') : undefined),
    list(folder) {
      if (folder === '/app') return [{ name: 'views', folder: true }];
      return folder === '/app/views' ? [{ name: 'page.html', folder: false }] : undefined;
    },
  };
  const underMount = async (call: (own: Fs) => unknown): Promise<unknown> => {
    let outcome: unknown;
    const { world } = hostedOn(
      [
        async (context) => {
          try {
            outcome = await call(context.require('fs') as Fs);
          } catch (error) {
            outcome = (error as NodeJS.ErrnoException).code;
          }
        },
      ],
      mount,
    );
    await world.run();
    return outcome;
  };

  it('are read by absolute and relative names, and listed, at no cost', async () => {
    expect(await underMount((own) => own.readFileSync('/app/views/page.html', 'utf8'))).toBe('<p>');
    expect(await underMount((own) => own.promises.readFile('views/page.html', 'utf8'))).toBe('<p>');
    expect(await underMount((own) => own.readdirSync('views'))).toEqual(['page.html']);
    expect(await underMount((own) => own.statSync('views').isDirectory())).toBe(true);
    expect(await underMount((own) => own.statSync('views/page.html').size)).toBe(3);
    expect(
      await underMount(async (own) => {
        let read = '';
        for await (const part of own.createReadStream('views/page.html')) read += part;
        return read;
      }),
    ).toBe('<p>');
  });

  it('are not written to, but others may lie beside them', async () => {
    const page = '/app/views/page.html';
    expect(await underMount((own) => own.writeFileSync(page, 'x'))).toBe('EROFS');
    expect(await underMount((own) => own.promises.unlink(page))).toBe('EROFS');
    expect(await underMount((own) => own.renameSync(page, '/tmp/page'))).toBe('EROFS');
    expect(await underMount((own) => own.accessSync(page, own.constants.W_OK))).toBe('EROFS');
    expect(
      await underMount((own) => {
        own.writeFileSync('views/own.txt', 'mine');
        own.copyFileSync(page, '/tmp/copy');
        return [own.readdirSync('views'), own.readFileSync('/tmp/copy', 'utf8')];
      }),
    ).toEqual([['own.txt', 'page.html'], '<p>']);
  });

  it('what cannot be simulated is refused by name', async () => {
    for (const name of ['watch', 'watchFile', 'symlinkSync', 'linkSync'] as const) {
      expect(await underMount((own) => (own[name] as (file: string) => void)('/tmp'))).toBe(
        'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM',
      );
    }
  });
});
