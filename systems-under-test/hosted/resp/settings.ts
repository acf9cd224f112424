/** Settings that CONFIG GET and SET know. Those of the first kind have an effect; the others are kept, for clients that look at them. */
const EFFECTIVE: Readonly<Record<string, string>> = {
  appendfsync: 'everysec',
  appendonly: 'no',
  databases: '16',
  'lua-time-limit': '5000',
  'min-replicas-max-lag': '10',
  'min-replicas-to-write': '0',
  'notify-keyspace-events': '',
  'replica-read-only': 'yes',
  masterauth: '',
  'repl-backlog-size': '1048576',
  'repl-timeout': '60',
  requirepass: '',
};

const KEPT: Readonly<Record<string, string>> = {
  'active-expire-effort': '1',
  activerehashing: 'yes',
  'auto-aof-rewrite-min-size': '67108864',
  'auto-aof-rewrite-percentage': '100',
  bind: '* -::*',
  'client-output-buffer-limit': 'normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60',
  dir: '/',
  dbfilename: 'dump.rdb',
  hz: '10',
  'hash-max-listpack-entries': '128',
  'hash-max-listpack-value': '64',
  'list-max-listpack-size': '-2',
  loglevel: 'notice',
  maxclients: '10000',
  maxmemory: '0',
  'maxmemory-policy': 'noeviction',
  port: '6379',
  'proto-max-bulk-len': '536870912',
  save: '',
  'set-max-intset-entries': '512',
  'slowlog-log-slower-than': '10000',
  'slowlog-max-len': '128',
  timeout: '0',
  'zset-max-listpack-entries': '128',
  'zset-max-listpack-value': '64',
};

export type Settings = Map<string, string>;

export function newSettings(given: Readonly<Record<string, string>> = {}): Settings {
  return new Map(Object.entries({ ...KEPT, ...EFFECTIVE, ...given }).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  appendfsync: ['everysec', 'always', 'no'],
  'maxmemory-policy': [
    'volatile-lru',
    'volatile-lfu',
    'volatile-random',
    'volatile-ttl',
    'allkeys-lru',
    'allkeys-lfu',
    'allkeys-random',
    'noeviction',
  ],
};

/** Flags of keyspace events in Redis's order, or null if one is unknown. */
export function normaliseEvents(flags: string): string | null {
  if (/[^AKEg$lshzxetdmn]/.test(flags)) return null;
  const all = 'g$lshzxetd';
  const wanted = new Set(flags.includes('A') ? [...flags, ...all] : flags);
  const classes = [...all].every((one) => wanted.has(one))
    ? 'A'
    : [...all].filter((one) => wanted.has(one)).join('');
  return classes + [...'KEmn'].filter((one) => wanted.has(one)).join('');
}

/** Why the value cannot be; null if it can. */
export function refusal(name: string, value: string): string | null {
  if (name === 'databases' || name === 'port' || name === 'bind') return "can't set immutable config";
  if (name === 'notify-keyspace-events' && normaliseEvents(value) === null)
    return "Invalid event class character. Use 'Ag$lshzxeKEtmdn'.";
  const choices = CHOICES[name];
  if (choices !== undefined && !choices.includes(value))
    return `argument(s) must be one of the following: ${choices.join(', ')}`;
  const old = (EFFECTIVE[name] ?? KEPT[name])!;
  if ((old === 'yes' || old === 'no') && value !== 'yes' && value !== 'no')
    return "argument must be 'yes' or 'no'";
  if (/^-?[0-9]+$/.test(old) && !/^-?[0-9]+(?:[kmg]b?)?$/i.test(value))
    return "argument couldn't be parsed into an integer";
  return null;
}

const UNITS: Readonly<Record<string, number>> = {
  k: 1000,
  m: 1e6,
  g: 1e9,
  kb: 1024,
  mb: 1024 ** 2,
  gb: 1024 ** 3,
};

/** As it is kept and shown: sizes in bytes, flags in order. */
export function normalise(name: string, value: string): string {
  if (name === 'notify-keyspace-events') return normaliseEvents(value) ?? '';
  const size = /^([0-9]+)([kmg]b?)$/i.exec(value);
  return size && name.startsWith('maxmemory')
    ? String(Number(size[1]) * UNITS[size[2]!.toLowerCase()]!)
    : value;
}
