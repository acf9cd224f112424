import { createRequire } from 'node:module';
import { refuse } from '../current.ts';

const requireReal = createRequire(import.meta.url);

/** Builtins that no program may use, and what to do instead. */
export const REFUSED: Readonly<Record<string, string>> = {
  worker_threads:
    'a thread of its own is not simulated: do the work in the main thread, or in another program of the system',
  child_process:
    'other processes are not simulated: make the other program one of the system, and call it over the network',
  cluster: 'a cluster of processes is not simulated: give the program replicas instead',
  dgram: 'UDP is not simulated: use TCP or HTTP',
  http2: 'HTTP/2 is not simulated: use http',
  inspector: 'the debugger of a simulated process is not reachable from within: leave it out',
  repl: 'nobody types into a simulated process: leave it out',
  vm: 'code in a realm of its own would see the real clock: call the code directly',
  wasi: 'WASI reaches the real machine: leave it out',
  trace_events: 'traces of the real process are not simulated: leave it out',
  sqlite: 'its files are those of the real machine: use a database behind the network, or files through fs',
  test: 'tests of a program run outside of the simulated world',
  sea: 'leave it out',
  domain: 'use AsyncLocalStorage and uncaughtException',
};

/**
 * What a program gets that loads such a builtin: packages load them without using them, so only their use ends the run, by name.
 * What packages ask to find out where they are (`isMainThread`, `isMaster`) is answered.
 */
export function refusedBuiltin(name: string, more: object = {}): object {
  const remedy = REFUSED[name] ?? 'it is not simulated: leave it out';
  const answers: Readonly<Record<string, unknown>> = { ...ANSWERS[name], ...more };
  // A class, so that packages can extend it and ask for instances of it.
  const member = (property: string): unknown =>
    new Proxy(class {}, {
      apply: () => refuse(`${name}.${property}()`, remedy),
      construct: () => refuse(`new ${name}.${property}()`, remedy),
    });
  const members = new Map<string, unknown>();
  // `import { spawn } from 'node:child_process'` asks for what the module has, before it asks for one of them.
  for (const property of namesOf(name))
    if (!Object.hasOwn(answers, property)) members.set(property, member(property));
  return new Proxy(
    { ...Object.fromEntries(members), ...answers },
    {
      get(_, property) {
        if (typeof property === 'symbol' || property === 'then' || property === '__esModule')
          return undefined;
        if (Object.hasOwn(answers, property)) return answers[property];
        if (property === 'default') return undefined;
        if (!members.has(property)) members.set(property, member(property));
        return members.get(property);
      },
      has: () => true,
    },
  );
}

/** What the real builtin has, for those that many packages name; their loading does nothing. */
function namesOf(name: string): readonly string[] {
  return /^(child_process|worker_threads|cluster|dgram|http2|vm)$/.test(name)
    ? Object.keys(requireReal(`node:${name}`) as object)
    : [];
}

/** Listening to a cluster without workers is allowed: there is nothing to hear. */
function noEvents(): Record<string, () => void> {
  const names = ['on', 'once', 'off', 'addListener', 'removeListener', 'removeAllListeners', 'emit'];
  return Object.fromEntries(names.map((name) => [name, () => {}]));
}

const ANSWERS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  worker_threads: {
    isMainThread: true,
    threadId: 0,
    parentPort: null,
    workerData: null,
    resourceLimits: {},
    SHARE_ENV: Symbol.for('nodejs.worker_threads.SHARE_ENV'),
    markAsUncloneable: () => {},
    markAsUntransferable: () => {},
    isMarkedAsUntransferable: () => false,
    getEnvironmentData: () => undefined,
    setEnvironmentData: () => {},
  },
  cluster: {
    isMaster: true,
    isPrimary: true,
    isWorker: false,
    worker: undefined,
    workers: {},
    ...noEvents(),
  },
  http2: {
    get constants() {
      return (requireReal('node:http2') as { readonly constants: object }).constants;
    },
  },
  inspector: { url: () => undefined },
  vm: { isContext: () => false, constants: {} },
};
