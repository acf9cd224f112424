import type { System, Tolerance } from '../../../harness/contract/index.ts';
import { rows } from '../../shared/tolerance-rows.ts';
import { PARTITIONS, replicated } from '../shared/tolerance.ts';
import { forgiving, TurningClient } from './client.ts';
import type { ClientModule, Configuration } from './configuration.ts';
import { httpProtocol } from './http.ts';
import { respProtocol } from './resp.ts';
import { startServer } from './server.ts';

export type { ClientModule, Configuration } from './configuration.ts';
export { OF_OPERATIONS, OF_SERVERS, placeholdersIn } from './placeholders.ts';
export { serverSchema } from './schema.ts';

/** The system that a user's file describes: any command as a server. `module`: the client, if it is the user's own. */
export function configured(configuration: Configuration, module?: ClientModule): System {
  const { name, servers, client, claims, ask, timeout, workload, checkers } = configuration;
  const operations = operationsOf(configuration, module);
  return {
    name,
    summary: `${name}: ${configuration.command[0]}, as real processes (live world)`,
    world: 'live',
    options: { type: 'object', additionalProperties: false },
    roles: () => ({ server: servers }),
    start: (host, _role, setting) => startServer(host, setting, configuration),
    client(host, setting) {
      if (module !== undefined) return forgiving(module.default(host, setting));
      const { http, resp } = client;
      return new TurningClient(host, setting, { ask }, (address) =>
        resp === undefined
          ? httpProtocol(http!, timeout)
          : respProtocol(resp.commands, address, resp.port, timeout),
      );
    },
    claims: () => claims,
    tolerance: () => toleranceOf(configuration),
    flaws: [],
    operations,
    workload: () => workload ?? usualWorkload(operations),
    checkers: (_options, workloadName) =>
      checkers ?? [
        ...(workloadName === 'register' ? judgesOf(claims) : []),
        { name: 'assertions' },
        { name: 'availability' },
        { name: 'stats' },
      ],
    leaderNote: 'leader',
  };
}

function operationsOf({ client }: Configuration, module: ClientModule | undefined): readonly string[] {
  if (module !== undefined) return module.operations ?? ['read', 'write'];
  return Object.keys(client.http ?? client.resp?.commands ?? {});
}

function usualWorkload(operations: readonly string[]): ReturnType<System['workload']> {
  if (!operations.includes('write')) return { name: 'set' };
  return operations.includes('cas') ? { name: 'register' } : { name: 'register', options: { casShare: 0 } };
}

function judgesOf({ consistency, durability, stalenessWithin }: Configuration['claims']) {
  return [
    ...(consistency === 'linearizable' ? [{ name: 'linearizable' }] : []),
    ...(durability ? [{ name: 'durability' }] : []),
    ...(stalenessWithin !== undefined ? [{ name: 'staleness' }] : []),
    { name: 'corruption' },
  ];
}

function toleranceOf({ tolerates, servers }: Configuration): Tolerance {
  const usual = replicated(['server']);
  if (tolerates === undefined) return usual;
  const kinds = tolerates.flatMap((kind) => (kind === 'partition' ? PARTITIONS : [kind]));
  const listed = kinds.map(
    (kind) => usual.find(({ fault }) => fault === kind) ?? { fault: kind, atOnce: 'minority' as const },
  );
  // Of a single server the minority is none: what it is said to stand, it stands.
  return servers > 1 ? listed : listed.flatMap((row) => rows([row.fault], { ...row, atOnce: 'all' }));
}
