import type dns from 'node:dns';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { hostedOn } from '../testing/on-host.ts';

/** What a program on `n1` of three hosts finds out. */
async function asked<T>(ask: (names: typeof dns) => Promise<T>): Promise<T | Error | undefined> {
  let outcome: T | Error | undefined;
  const idle = (): void => {};
  const { world } = hostedOn([
    async (context) => {
      outcome = await ask(context.require('dns') as typeof dns).catch((error: Error) => error);
    },
    idle,
    idle,
  ]);
  await world.run();
  return outcome;
}

describe('dns', () => {
  it('finds hosts by their names, and all hosts of a role, another one first each time', async () => {
    expect(await asked(({ promises }) => promises.lookup('n2'))).toEqual({ address: '10.1.0.2', family: 4 });
    expect(await asked((names) => promisify(names.lookup)('n3'))).toEqual({ address: '10.1.0.3', family: 4 });
    expect(await asked(({ promises }) => promises.resolve4('server'))).toEqual([
      '10.1.0.1',
      '10.1.0.2',
      '10.1.0.3',
    ]);
    const twice = await asked(async ({ promises }) => [
      (await promises.lookup('server')).address,
      (await promises.lookup('server', { all: true })).map(({ address }) => address),
    ]);
    expect(twice).toEqual(['10.1.0.1', ['10.1.0.2', '10.1.0.3', '10.1.0.1']]);
  });

  it('finds the own machine, and gives addresses back as they are', async () => {
    expect(await asked(({ promises }) => promises.lookup('localhost'))).toEqual({
      address: '127.0.0.1',
      family: 4,
    });
    expect(await asked(({ promises }) => promises.lookup('::1'))).toEqual({ address: '::1', family: 6 });
  });

  it('finds names by their addresses', async () => {
    expect(await asked(({ promises }) => promises.reverse('10.1.0.2'))).toEqual(['n2']);
    expect(await asked(({ promises }) => promises.lookupService('10.1.0.2', 80))).toEqual({
      hostname: 'n2',
      service: '80',
    });
  });

  it("does not find the rest of the world, with Node's errors", async () => {
    expect(await asked(({ promises }) => promises.lookup('example.com'))).toMatchObject({
      message: 'getaddrinfo ENOTFOUND example.com',
      code: 'ENOTFOUND',
      errno: -3008,
      syscall: 'getaddrinfo',
      hostname: 'example.com',
    });
    expect(await asked(({ promises }) => promises.resolve4('example.com'))).toMatchObject({
      message: 'queryA ENOTFOUND example.com',
      code: 'ENOTFOUND',
      syscall: 'queryA',
    });
    expect(await asked(({ promises }) => promises.resolve6('n2'))).toMatchObject({ code: 'ENODATA' });
    expect(await asked(({ promises }) => promises.resolveMx('n2'))).toMatchObject({ code: 'ENODATA' });
    expect(await asked(({ promises }) => promises.lookup('n2', { family: 6 }))).toMatchObject({
      code: 'ENOTFOUND',
    });
    expect(await asked(async (names) => names.lookup('n2', undefined as never))).toMatchObject({
      code: 'ERR_INVALID_ARG_TYPE',
    });
  });
});
