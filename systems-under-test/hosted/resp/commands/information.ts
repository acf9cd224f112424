import type { Context } from '../context.ts';
import type { Engine } from '../engine.ts';

/** The version whose behaviour this server has, and says that it is. */
export const REDIS_VERSION = '7.0.15';

type Lines = readonly (readonly [string, string | number])[];

function keyspace(engine: Engine): Lines {
  return engine.databases
    .filter(({ size }) => size > 0)
    .map((database) => [
      `db${database.index}`,
      `keys=${database.size},expires=${database.volatileSize},avg_ttl=0`,
    ]);
}

const SECTIONS: Readonly<Record<string, (engine: Engine) => Lines>> = {
  Server: (engine) => [
    ['redis_version', REDIS_VERSION],
    ['redis_mode', 'standalone'],
    ['os', 'sixways'],
    ['arch_bits', 64],
    ['process_id', 1],
    ['run_id', engine.replication.runId],
    ['tcp_port', engine.port],
    ['server_time_usec', engine.now * 1000],
    ['uptime_in_seconds', Math.floor((engine.now - engine.startedAt) / 1000)],
    ['hz', 10],
  ],
  Clients: (engine) => [
    ['connected_clients', engine.sessions.size],
    ['blocked_clients', engine.waiting.count],
    ['maxclients', engine.settings.get('maxclients')!],
  ],
  Memory: (engine) => [
    ['used_memory', 0],
    ['maxmemory', engine.settings.get('maxmemory')!],
    ['maxmemory_policy', engine.settings.get('maxmemory-policy')!],
  ],
  Persistence: (engine) => [
    ['loading', 0],
    ['aof_enabled', engine.settings.get('appendonly') === 'yes' ? 1 : 0],
    ['rdb_bgsave_in_progress', 0],
    ['aof_rewrite_in_progress', 0],
  ],
  Stats: (engine) => [
    ['total_commands_processed', engine.commandsProcessed],
    ['pubsub_channels', engine.pubsub.channels.size],
    ['pubsub_patterns', engine.pubsub.patterns.size],
  ],
  Replication: (engine) => engine.replication.information(),
  CPU: () => [['used_cpu_sys', 0]],
  Cluster: () => [['cluster_enabled', 0]],
  Keyspace: keyspace,
};

const EVERYTHING = new Set(['all', 'everything', 'default']);

/** INFO's text: the sections asked for, or all. */
export function information({ engine }: Context, asked: readonly string[]): string {
  const wanted = new Set(asked.map((word) => word.toLowerCase()));
  const all = wanted.size === 0 || [...wanted].some((word) => EVERYTHING.has(word));
  return Object.entries(SECTIONS)
    .filter(([name]) => all || wanted.has(name.toLowerCase()))
    .map(
      ([name, lines]) =>
        `# ${name}\r\n${lines(engine)
          .map(([key, value]) => `${key}:${value}\r\n`)
          .join('')}`,
    )
    .join('\r\n');
}
