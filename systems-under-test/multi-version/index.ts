import { type Claims, SECOND, type System } from '../../harness/contract/index.ts';
import { flaws } from './flaws.ts';
import { type MultiVersionOptions, optionsSchema } from './options.ts';
import { startServer } from './server.ts';
import { GivenUp, Session } from './session.ts';
import { OPERATIONS, structureOf } from './structures/index.ts';
import { tolerance } from './tolerance.ts';

function claims({ isolation }: MultiVersionOptions): Claims {
  return { consistency: isolation, durability: false, recoveryWithin: 10 * SECOND };
}

/** A transactional store with multiple versions on one server: what the levels of isolation permit, for real. */
export const multiVersion: System<MultiVersionOptions> = {
  name: 'multi-version',
  summary: 'a transactional store on one server, at a level of isolation of your choice',
  options: optionsSchema,
  variants: [
    { isolation: 'read-uncommitted' },
    { isolation: 'read-committed' },
    { isolation: 'snapshot-isolation' },
    { isolation: 'serializable' },
  ],
  roles: () => ({ server: 1 }),
  start: (host, _role, setting) => startServer(host, setting),

  client(host, { options, hosts, workload }) {
    const session = new Session(host, hosts.server![0]!, options);
    return {
      async invoke(request) {
        try {
          return await session.transaction(
            structureOf(workload.name, request.f).work(request, workload.options),
          );
        } catch (error) {
          if (error instanceof GivenUp) return { type: 'fail', error: error.reason };
          throw error;
        }
      },
    };
  },

  claims,
  tolerance: () => tolerance,
  flaws,
  operations: OPERATIONS,
  workload: () => ({ name: 'list-append' }),
  checkers: ({ isolation }, workload) => [
    { name: 'assertions' },
    { name: 'availability' },
    { name: 'stats' },
    ...(workload === 'register' && isolation === 'strict-serializable' ? [{ name: 'linearizable' }] : []),
  ],
};
