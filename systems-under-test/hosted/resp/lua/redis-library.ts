import type { ProtocolVersion } from '../protocol/encode.ts';
import { formatDouble } from '../protocol/numbers.ts';
import {
  BigNumber,
  Double,
  ErrorReply,
  Flag,
  NIL_ARRAY,
  Pairs,
  type Reply,
  Status,
  Unordered,
  Verbatim,
} from '../protocol/reply.ts';
import { library } from './arguments.ts';
import type { Runtime } from './runtime.ts';
import { sha1 } from './sha1.ts';
import { LuaTable } from './table.ts';
import { LuaError, type LuaValue } from './values.ts';

/** What a script reaches of the server while it runs. */
export interface ScriptHost {
  /** Runs a command; its failure is an error reply. */
  call(argv: readonly string[]): Reply;
  /** The protocol in which replies come to the script. */
  version: ProtocolVersion;
}

const single = (name: string, value: LuaValue): LuaTable => {
  const table = new LuaTable();
  table.set(name, value);
  return table;
};

/** A reply as a script sees it (Redis's table of conversions). */
export function toLua(reply: Reply, version: ProtocolVersion): LuaValue {
  if (typeof reply === 'string' || typeof reply === 'number') return reply;
  if (typeof reply === 'bigint') return Number(reply);
  if (reply === null || reply === NIL_ARRAY) return version === 2 ? false : undefined;
  if (typeof reply === 'symbol') return false;
  if (reply instanceof Status) return single('ok', reply.text);
  if (reply instanceof ErrorReply) return single('err', reply.text);
  if (reply instanceof Double)
    return version === 2 ? formatDouble(reply.value) : single('double', reply.value);
  if (reply instanceof Verbatim) {
    if (version === 2) return reply.text;
    const table = single('format', reply.format);
    table.set('string', reply.text);
    return single('verbatim_string', table);
  }
  if (reply instanceof Pairs) {
    if (version === 2) return toLua(reply.flat, version);
    const table = new LuaTable();
    for (let at = 0; at < reply.flat.length; at += 2)
      table.set(toLua(reply.flat[at]!, version), toLua(reply.flat[at + 1]!, version));
    return single('map', table);
  }
  if (reply instanceof Unordered) {
    if (version === 2) return toLua(reply.members, version);
    const table = new LuaTable();
    for (const member of reply.members) table.set(toLua(member, version), true);
    return single('set', table);
  }
  if (Array.isArray(reply)) return LuaTable.of(reply.map((one: Reply) => toLua(one, version)));
  return false;
}

/** An integer as C's cast makes one of a double. */
const truncated = (value: number): number | bigint =>
  Number.isFinite(value) && Math.abs(value) < 2 ** 63
    ? Number.isSafeInteger(Math.trunc(value))
      ? Math.trunc(value) + 0
      : BigInt(Math.trunc(value))
    : -(2n ** 63n);

/** What a script returns, as a reply. */
export function toReply(value: LuaValue, version: ProtocolVersion, depth = 0): Reply {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return truncated(value);
  if (typeof value === 'boolean') return version === 3 ? new Flag(value) : value ? 1 : null;
  if (!(value instanceof LuaTable)) return null;
  if (depth > 200) return new ErrorReply('ERR reached lua stack limit');
  const error = value.get('err');
  if (typeof error === 'string') return new ErrorReply(withoutCode(error));
  const ok = value.get('ok');
  if (typeof ok === 'string') return new Status(ok.replace(/[\r\n]/g, ' '));
  const number = value.get('double');
  if (typeof number === 'number') return new Double(number);
  const map = value.get('map');
  if (map instanceof LuaTable)
    return new Pairs([...map.entries()].flat().map((one) => toReply(one, version, depth + 1)));
  const set = value.get('set');
  if (set instanceof LuaTable)
    return new Unordered([...set.entries()].map(([key]) => toReply(key, version, depth + 1)));
  const big = value.get('big_number');
  if (typeof big === 'string') return new BigNumber(big);
  const verbatim = value.get('verbatim_string');
  if (verbatim instanceof LuaTable)
    return new Verbatim(String(verbatim.get('string')), String(verbatim.get('format')));
  const items: Reply[] = [];
  for (let at = 1; ; at++) {
    const item = value.get(at);
    if (item === undefined) return items;
    items.push(toReply(item, version, depth + 1));
  }
}

/** An error's text begins with its code: a leading dash is the protocol's. */
const withoutCode = (text: string): string => (text.startsWith('-') ? text.slice(1) : text);

/** The words of redis.call. @throws LuaError */
function words(runtime: Runtime, values: readonly LuaValue[]): string[] {
  if (values.length === 0)
    throw raised('ERR Please specify at least one argument for this redis lib call', runtime);
  return values.map((value) => {
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : formatDouble(value);
    throw raised('ERR Lua redis lib command arguments must be strings or integers', runtime);
  });
}

function raised(text: string, runtime: Runtime): LuaError {
  return new LuaError(single('err', text), runtime.line);
}

export function addRedisLibrary(runtime: Runtime, host: () => ScriptHost): void {
  const run = (values: readonly LuaValue[]): Reply => host().call(words(runtime, values));
  const table = library(runtime, {
    call: (args) => {
      const reply = run(args.values);
      if (reply instanceof ErrorReply) throw raised(reply.text, runtime);
      return [toLua(reply, host().version)];
    },
    pcall: (args) => {
      try {
        return [toLua(run(args.values), host().version)];
      } catch (error) {
        if (error instanceof LuaError) return [error.value];
        throw error;
      }
    },
    error_reply: (args) => {
      const text = args.text(1);
      return [
        single('err', text.startsWith('-') ? text.slice(1) : text.includes(' ') ? text : `ERR ${text}`),
      ];
    },
    status_reply: (args) => [single('ok', args.text(1))],
    sha1hex: (args) => {
      if (args.count !== 1) throw raised('ERR wrong number of arguments', runtime);
      return [sha1(args.text(1))];
    },
    log: () => [],
    replicate_commands: () => [true],
    set_repl: () => [],
    setresp: (args) => {
      const version = args.integer(1);
      if (args.count !== 1) throw raised('ERR redis.setresp() requires one argument.', runtime);
      if (version !== 2 && version !== 3) throw raised('ERR RESP version must be 2 or 3.', runtime);
      host().version = version;
      return [];
    },
  });
  const constants = {
    LOG_DEBUG: 0,
    LOG_VERBOSE: 1,
    LOG_NOTICE: 2,
    LOG_WARNING: 3,
    REPL_NONE: 0,
    REPL_AOF: 1,
    REPL_SLAVE: 2,
    REPL_REPLICA: 2,
    REPL_ALL: 3,
  };
  for (const [name, value] of Object.entries(constants)) table.set(name, value);
  table.set('REDIS_VERSION', '7.0.15');
  table.set('REDIS_VERSION_NUM', 0x0007000f);
  runtime.globals.set('redis', table);
}
