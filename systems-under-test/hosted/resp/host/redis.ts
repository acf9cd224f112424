import {
  type Host,
  MICROSECOND,
  type Nanos,
  type Native,
  SECOND,
  type Setting,
} from '../../../../harness/contract/index.ts';
import { COMMANDS } from '../commands/index.ts';
import { AppendOnlyFile } from '../persistence/append-only-file.ts';
import { fromBytes, toBytes } from '../protocol/bytes.ts';
import { RespServer } from '../server.ts';
import { hostEnvironment, serveOn } from './environment.ts';
import { type SentinelProgram, startSentinel } from './sentinel.ts';
import { fileStorage } from './storage.ts';

const PORT = 6379;
const LOG = '/data/appendonly.aof';
const CONFIGURATION = '/data/redis.json';
/** CPU time of a command, about what a real server takes on loopback. */
const PER_COMMAND: Nanos = 5 * MICROSECOND;

export interface RedisOptions {
  /** Default: 6379. */
  readonly port?: number;
  /** As CONFIG SET takes them: `{ appendonly: 'yes', appendfsync: 'always' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Whom it follows at its first start: a host's name. A primary if absent. */
  readonly primary?: string;
  readonly perCommand?: Nanos;
}

/** Servers tell each other addresses, not names. */
const addressOf = (native: Native, host: string): string => native.sockets.addressOf(host) ?? host;

/** What CONFIG REWRITE keeps for the next process. */
interface Saved {
  readonly settings: Readonly<Record<string, string>>;
  readonly primary: { readonly host: string; readonly port: number } | null;
}

function saved({ files }: Native): Saved | null {
  if (!files.exists(CONFIGURATION) || files.size(CONFIGURATION) === 0) return null;
  return JSON.parse(fromBytes(files.read(CONFIGURATION))) as Saved;
}

/**
 * Runs a server on a simulated host: sockets of its kernel, its wall clock, its disk. What it keeps across a crash is what its settings say:
 * nothing, or the append-only file. @throws Error where the world has no sockets
 */
export function startRedis(host: Host, options: RedisOptions = {}): RespServer {
  const { native } = host;
  if (native === undefined) throw new Error('redis: expected the simulated world, which has sockets');
  const { port = PORT, perCommand = PER_COMMAND } = options;
  const kept = saved(native);
  const settings = { ...options.settings, ...kept?.settings };
  const server = new RespServer(hostEnvironment(host, native), COMMANDS, { settings, port });
  const { engine } = server;
  if (engine.settings.get('appendonly') === 'yes') {
    const log = new AppendOnlyFile(engine, fileStorage(host, native, LOG));
    log.load();
    engine.log = log;
    const everySecond = (): void => {
      host.after(SECOND, () => {
        everySecond();
        return log.everySecond();
      });
    };
    everySecond();
  }
  const storage = fileStorage(host, native, CONFIGURATION);
  engine.saveConfiguration = () => {
    const state: Saved = {
      settings: Object.fromEntries(engine.settings),
      primary: engine.replication.following,
    };
    storage.replace(
      toBytes(
        JSON.stringify({
          ...state,
          primary: state.primary && { host: state.primary.host, port: state.primary.port },
        }),
      ),
    );
  };
  const own = native.sockets.addressOf(host.name);
  const given = options.primary === undefined ? null : { host: addressOf(native, options.primary), port };
  const primary = kept === null ? given : kept.primary;
  if (primary !== null && primary.host !== own) engine.replication.follow(primary);
  let counted = 0;
  serveOn(native, port, server, () => {
    host.spend((engine.commandsProcessed - counted) * perCommand);
    counted = engine.commandsProcessed;
  });
  return server;
}

/**
 * As one of the programs of a hosted system: the first host of its role is the primary, the others follow it; with `independent`, each is by itself. With
 * `sentinel`, a sentinel runs beside each server, in its process.
 */
export function redis(
  options: RedisOptions & {
    readonly replicas?: number;
    readonly independent?: boolean;
    readonly sentinel?: Omit<SentinelProgram, 'primary' | 'sentinels'>;
  } = {},
) {
  return {
    replicas: options.replicas ?? 1,
    start(host: Host, role: string, setting: Pick<Setting, 'hosts'>): void {
      const hosts = setting.hosts[role] ?? [];
      const primary = options.primary ?? hosts[0] ?? host.name;
      startRedis(host, options.independent === true ? options : { ...options, primary });
      if (options.sentinel !== undefined)
        startSentinel(host, { ...options.sentinel, primary, sentinels: hosts });
    },
  };
}
