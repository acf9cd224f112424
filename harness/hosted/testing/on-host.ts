import type { Host } from '../../contract/index.ts';
import { testWorld } from '../../simulator/testing/world.ts';
import type { Builtin, BuiltinContext, Mount } from '../builtins/context.ts';
import { createDns } from '../builtins/dns.ts';
import { createFs } from '../builtins/fs.ts';
import { createNet } from '../builtins/net.ts';

const EMPTY: Mount = { root: '/app', read: () => undefined, list: () => undefined };

const BUILTINS: Readonly<Record<string, Builtin>> = {
  dns: createDns,
  net: createNet,
  fs: createFs,
  process: () => ({ cwd: () => '/app' }),
};

/** What a test of builtins has instead of a program's realm: ticks and promises are Node's own. */
export function contextOn(host: Host, mount: Mount = EMPTY): BuiltinContext {
  const made = new Map<string, object>();
  const context: BuiltinContext = {
    host,
    native: host.native!,
    require(name) {
      if (!made.has(name)) made.set(name, BUILTINS[name]!(context));
      return made.get(name);
    },
    Promise,
    later: (delay, callback) => host.after(delay, callback),
    bind: (callback) => callback,
    tick: (callback) => process.nextTick(callback),
    log() {},
    mount,
    sockets: new Set(),
  };
  return context;
}

/** What a test's code throws and nobody catches, and what it says. */
export interface HostedRun {
  readonly world: ReturnType<typeof testWorld>['world'];
  readonly uncaught: unknown[];
}

/** Runs code with a context of builtins on each of these hosts, `n1` and so on, in turn: the kernel takes it for an unmodified program. */
export function hostedOn(programs: readonly ((context: BuiltinContext) => void)[], mount?: Mount): HostedRun {
  const { world } = testWorld(Math.max(2, programs.length));
  const uncaught: unknown[] = [];
  programs.forEach((program, nth) => {
    world.boot(`n${nth + 1}`, (host) => {
      host.native!.host({
        enter() {},
        leave() {},
        uncaught(error) {
          uncaught.push(error);
          return true;
        },
        signal: () => false,
        ended() {},
      });
      host.after(0, () => program(contextOn(host, mount)));
    });
  });
  return { world, uncaught };
}
