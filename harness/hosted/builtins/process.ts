import { constants } from 'node:buffer';
import { EventEmitter } from 'node:events';
import { METHODS } from 'node:http';
import { Readable, Writable } from 'node:stream';
import { refuse } from '../current.ts';
import { codedError } from './coded-error.ts';
import type { BuiltinContext, LogLevel } from './context.ts';
import { refusedBuiltin } from './refused.ts';

/** What `process.exit` throws, so that nothing after it runs. Nobody has to catch it. */
export const EXITED = Symbol('process.exit');

export interface ProcessFacts {
  readonly env: { readonly [name: string]: string };
  readonly argv: readonly string[];
  readonly cwd: string;
  /** Milliseconds since the process started. */
  sinceStart(): number;
  /** Ends the process. What its code does afterwards has no effect. */
  exit(code: number): void;
}

/** What packages ask of it as a matter of course (lodash, safer-buffer); whoever asks more of Node's own insides is told, and as a rule goes on without. */
function binding(context: BuiltinContext, name: string): object {
  if (name === 'util') return (context.require('util') as { readonly types: object }).types;
  if (name === 'buffer') {
    const { MAX_LENGTH, MAX_STRING_LENGTH } = constants;
    return { kMaxLength: MAX_LENGTH, kStringMaxLength: MAX_STRING_LENGTH };
  }
  // What spdy loads, which older HTTP servers load, for connections that they never get here.
  if (/^(stream_wrap|uv|http_parser)$/.test(name))
    return refusedBuiltin(`process.binding('${name}')`, { methods: METHODS });
  throw codedError(
    'ERR_INVALID_MODULE',
    `No such module: ${name} (a simulated machine has no insides of Node; the public modules do the same)`,
  );
}

/** `process` of a program. */
export interface SimulatedProcess extends EventEmitter {
  exitCode: number | string | undefined;
  readonly stdout: Writable;
  readonly stderr: Writable;
  exit(code?: number | string): never;
  emitWarning(warning: unknown, kind?: unknown): void;
}

/** Lines as they are complete; what is left when the process ends is a line too. */
export class Lines {
  private rest = '';
  private readonly write: (line: string) => void;
  constructor(write: (line: string) => void) {
    this.write = write;
  }
  take(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop()!;
    for (const line of lines) this.write(line);
  }
  flush(): void {
    if (this.rest !== '') this.write(this.rest);
    this.rest = '';
  }
}

function output(context: BuiltinContext, level: LogLevel, descriptor: number): Writable & { lines: Lines } {
  const lines = new Lines((line) => context.log(level, line));
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string | Uint8Array, _encoding, done) {
      lines.take(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
      done();
    },
  });
  return Object.assign(stream, {
    lines,
    fd: descriptor,
    isTTY: false,
    _type: 'pipe',
    // As the real ones: they stay open whatever a program does.
    destroy: () => stream,
    destroySoon: () => stream,
  });
}

const NANOS_PER_SECOND = 1_000_000_000n;
const MEMORY = { rss: 64e6, heapTotal: 32e6, heapUsed: 24e6, external: 2e6, arrayBuffers: 1e6 };

export function simulatedProcess(context: BuiltinContext, facts: ProcessFacts): SimulatedProcess {
  const { host } = context;
  const nanos = (): bigint => {
    host.spend(1000);
    return BigInt(Math.round(host.clock.monotonic()));
  };
  const hrtime = (previous?: readonly [number, number]): [number, number] => {
    let total = nanos();
    if (previous !== undefined) total -= BigInt(previous[0]) * NANOS_PER_SECOND + BigInt(previous[1]);
    return [Number(total / NANOS_PER_SECOND), Number(total % NANOS_PER_SECOND)];
  };
  hrtime.bigint = nanos;
  const emitter = new EventEmitter();
  const stdout = output(context, 'out', 1);
  const stderr = output(context, 'err', 2);
  const own = {
    env: { ...facts.env },
    argv: [...facts.argv],
    argv0: 'node',
    execArgv: [],
    execPath: '/usr/bin/node',
    title: 'node',
    pid: 1000 + host.incarnation,
    ppid: 1,
    platform: 'linux',
    arch: 'x64',
    version: process.version,
    versions: { ...process.versions },
    release: { ...process.release },
    features: process.features,
    config: { target_defaults: {}, variables: {} },
    exitCode: undefined as number | string | undefined,
    allowedNodeEnvironmentFlags: new Set<string>(),
    stdout,
    stderr,
    stdin: Object.assign(new Readable({ read() {} }), { fd: 0, isTTY: false }),
    cwd: () => facts.cwd,
    chdir: () => refuse('process.chdir()', 'use absolute paths'),
    umask: () => 0o22,
    getuid: () => 0,
    geteuid: () => 0,
    getgid: () => 0,
    getegid: () => 0,
    getgroups: () => [0],
    hrtime,
    uptime: () => facts.sinceStart() / 1000,
    memoryUsage: Object.assign(() => ({ ...MEMORY }), { rss: () => MEMORY.rss }),
    availableMemory: () => 4e9,
    constrainedMemory: () => 4e9,
    cpuUsage: () => ({ user: Math.floor(facts.sinceStart() * 100), system: 0 }),
    resourceUsage: () => ({ userCPUTime: 0, systemCPUTime: 0, maxRSS: 64_000 }),
    getActiveResourcesInfo: () => [],
    nextTick: context.tick,
    ref() {},
    unref() {},
    emitWarning(warning: unknown, kind?: unknown) {
      const [name, text] =
        warning instanceof Error
          ? [warning.name, warning.message]
          : [typeof kind === 'string' ? kind : 'Warning', String(warning)];
      context.log('warn', `${name}: ${text}`);
      const event =
        warning instanceof Error
          ? warning
          : Object.assign(new Error(text), { name, stack: `${name}: ${text}` });
      context.tick(() => emitter.emit('warning', event));
    },
    exit(code?: number | string): never {
      if (code !== undefined) made.exitCode = code;
      end(Number(made.exitCode ?? 0));
      throw EXITED;
    },
    reallyExit: (code?: number) => own.exit(code),
    abort: () => own.exit(134),
    kill(pid: number, signal: string | number = 'SIGTERM') {
      if (pid !== own.pid)
        throw Object.assign(codedError('ESRCH', 'kill ESRCH'), { syscall: 'kill', errno: -3 });
      if (signal === 0) return true;
      const name = String(signal);
      host.after(0, () => {
        if (!emitter.emit(name, name)) own.exit(128 + (name === 'SIGINT' ? 2 : name === 'SIGKILL' ? 9 : 15));
      });
      return true;
    },
    getBuiltinModule: (name: string) => context.require(name),
    binding: (name: string) => binding(context, name),
    dlopen: () => refuse('process.dlopen()', 'native addons do not run in the simulated world'),
    setUncaughtExceptionCaptureCallback: () => {},
    hasUncaughtExceptionCaptureCallback: () => false,
    setSourceMapsEnabled: () => {},
    report: {},
  };
  const end = (code: number): void => {
    emitter.emit('exit', code);
    stdout.lines.flush();
    stderr.lines.flush();
    facts.exit(code);
  };
  Object.defineProperty(emitter, Symbol.toStringTag, { value: 'process', configurable: true });
  const made: SimulatedProcess = Object.assign(emitter, own);
  return made;
}
