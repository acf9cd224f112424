import { ErrorReply, type Reply } from '../protocol/reply.ts';
import { addBaseLibrary } from './base-library.ts';
import { addBitLibrary } from './bit-library.ts';
import { addCjson } from './cjson.ts';
import { addCmsgpack } from './cmsgpack.ts';
import { compileChunk } from './compile.ts';
import { addMathLibrary } from './math-library.ts';
import { parse } from './parser.ts';
import { addRedisLibrary, type ScriptHost, toReply } from './redis-library.ts';
import { Runtime } from './runtime.ts';
import { addStringLibrary } from './string-library.ts';
import { LuaTable } from './table.ts';
import { addTableLibrary } from './table-library.ts';
import { LuaError, LuaFunction, type LuaValue, TooManySteps } from './values.ts';

const CHUNK = 'user_script';
/** A real server would be busy without an end; here a script that takes so many steps is a failure. */
const STEPS_MAX = 20_000_000;

export interface Script {
  readonly sha: string;
  readonly source: string;
  /** `no-writes` and its kin, from the first line `#!lua flags=...`. */
  readonly flags: ReadonlySet<string>;
  readonly run: LuaFunction;
}

/** One interpreter for all scripts of a server, as in Redis: they share globals that none may change. */
export class Interpreter {
  private readonly runtime = new Runtime(CHUNK, STEPS_MAX);
  private host: ScriptHost | null = null;

  constructor() {
    const { runtime } = this;
    addBaseLibrary(runtime);
    addStringLibrary(runtime);
    addTableLibrary(runtime);
    addMathLibrary(runtime);
    addBitLibrary(runtime);
    addCjson(runtime);
    addCmsgpack(runtime);
    addRedisLibrary(runtime, () => this.host!);
    const { globals } = runtime;
    for (const [, value] of globals.entries()) if (value instanceof LuaTable) value.readonly = true;
    globals.metatable = new LuaTable();
    globals.metatable.set(
      '__index',
      new LuaFunction('index of globals', ([, name]) => {
        throw runtime.error(
          `Script attempted to access nonexistent global variable '${runtime.toText(name)}'`,
        );
      }),
    );
    globals.readonly = true;
  }

  /** Compiles a script. @throws LuaError with the compiler's message */
  compile(sha: string, source: string): Script {
    const shebang = /^#!([^\n]*)/.exec(source)?.[1];
    const flags = new Set(/(?:^|\s)flags=(\S*)/.exec(shebang ?? '')?.[1]?.split(',') ?? []);
    // The first line stays, empty, so that lines count as they are written.
    const body = parse(shebang === undefined ? source : source.replace(/^#![^\n]*/, ''), CHUNK);
    return { sha, source, flags, run: compileChunk(this.runtime, body) };
  }

  run(script: Script, keys: readonly string[], args: readonly string[], host: ScriptHost): Reply {
    const { runtime } = this;
    this.host = host;
    runtime.startScript();
    const { globals } = runtime;
    globals.set('KEYS', LuaTable.of(keys));
    globals.set('ARGV', LuaTable.of(args));
    try {
      return toReply(script.run.call([])[0], host.version);
    } catch (error) {
      if (error instanceof TooManySteps) return new ErrorReply(`ERR Error running script: ${error.message}`);
      if (!(error instanceof LuaError) && !(error instanceof RangeError)) throw error;
      const { value, line } = error instanceof LuaError ? error : runtime.error('stack overflow');
      return new ErrorReply(`${this.errorText(value)} script: ${script.sha}, on @${CHUNK}:${line}.`);
    } finally {
      this.host = null;
    }
  }

  private errorText(value: LuaValue): string {
    if (!(value instanceof LuaTable)) return `ERR ${this.runtime.toText(value)}`;
    const text = value.get('err');
    return typeof text === 'string' ? text : 'ERR unknown error';
  }
}
