import { createHook } from 'node:async_hooks';
import { current, noteLeak } from './current.ts';

/** Real resources by the name that Node gives them, with the call that makes them and what to use instead. */
const REAL: readonly (readonly [type: RegExp, call: string, remedy: string])[] = [
  [
    /^Timeout$/,
    'a real timer (setTimeout or setInterval of the outer realm)',
    "use the program's own timers",
  ],
  [/^Immediate$/, 'a real setImmediate', "use the program's own setImmediate"],
  [
    /^(FSREQCALLBACK|FSREQPROMISE|FILEHANDLE|DIRHANDLE|STATWATCHER|FSEVENTWRAP|FILEHANDLECLOSEREQ)/,
    'fs of the real machine',
    "require('fs') within the program",
  ],
  [
    /^(GETADDRINFOREQWRAP|GETNAMEINFOREQWRAP|QUERYWRAP|DNSCHANNEL)/,
    'dns of the real machine',
    "require('dns') within the program",
  ],
  [
    /^(TCP|PIPE|UDP|TLS|JSSTREAM|SHUTDOWNWRAP|WRITEWRAP)/,
    'a real socket',
    "require('net') or require('http') within the program",
  ],
  [
    /^(HASH|CIPHER|SIGN|DERIVEBITS|SCRYPT|PBKDF2|RANDOM\w+|CHECKPRIME|KEY\w+)REQUEST$/,
    'crypto on the real thread pool',
    "use the program's own crypto",
  ],
  [/^PROCESSWRAP/, 'child_process of the real machine', 'make the other process a program of the system'],
  [/^(WORKER|MESSAGEPORT)/, 'a real worker or message port', 'do the work in the main thread'],
  [/^(HTTP2|QUIC)/, 'a real HTTP/2 session', 'use http'],
  [
    /^(SIGNALWRAP|TTYWRAP|INSPECTORJSBINDING|HEAPSNAPSHOT)/,
    'the real process',
    "use the program's own process",
  ],
];
/** What Node makes within a process and without the machine. */
const OWN = /^(PROMISE|TickObject|Microtask|HTTPINCOMINGMESSAGE|HTTPCLIENTREQUEST|HTTPSERVERREQUEST)$/;

let watching = false;
/** Work of ours in progress, for which Node makes such resources without going anywhere. */
let own = 0;
const verdicts = new Map<string, (typeof REAL)[number] | undefined>();

/** The function, watched by nobody: of those that do their work before they return, though Node makes a request of it. */
export function unwatched<Parameters extends unknown[], Result>(
  work: (...parameters: Parameters) => Result,
): (...parameters: Parameters) => Result {
  return (...parameters) => {
    own++;
    try {
      return work(...parameters);
    } finally {
      own--;
    }
  };
}

/** From now on each real resource that a program makes, by whatever way, is a leak of its host. */
export function watchResources(): void {
  if (watching) return;
  watching = true;
  createHook({
    init(_id, type) {
      if (own > 0 || OWN.test(type) || (type === 'Immediate' && current()?.troubled)) return;
      if (!verdicts.has(type))
        verdicts.set(
          type,
          REAL.find(([pattern]) => pattern.test(type)),
        );
      const found = verdicts.get(type);
      if (found !== undefined) noteLeak(`${found[1]} [${type}]`, found[2]);
    },
  }).enable();
}
