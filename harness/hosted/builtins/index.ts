import { createRequire } from 'node:module';
import type { Builtin } from './context.ts';
import { crypto, type RandomBytes } from './crypto.ts';
import { diagnosticsChannel } from './diagnostics-channel.ts';
import { createDns } from './dns.ts';
import { createFs } from './fs.ts';
import { http } from './http.ts';
import { messageChannel } from './message-channel.ts';
import { createNet } from './net.ts';
import { os } from './os.ts';
import { perfHooks } from './performance.ts';
import { refusedBuiltin } from './refused.ts';
import { https, tls } from './tls.ts';
import { zlibInStep } from './zlib.ts';

const requireReal = createRequire(import.meta.url);

/** The builtins that each incarnation has of its own. */
export const BUILTINS: { readonly [name: string]: Builtin } = {
  crypto: (context) => crypto(context, context.require('random') as RandomBytes),
  diagnostics_channel: diagnosticsChannel,
  dns: createDns,
  'dns/promises': (context) => (context.require('dns') as { readonly promises: object }).promises,
  fs: createFs,
  'fs/promises': (context) => (context.require('fs') as { readonly promises: object }).promises,
  net: createNet,
  http,
  https,
  os,
  perf_hooks: (context) => perfHooks(context.require('performance') as object),
  'readline/promises': () => requireReal('node:readline/promises') as object,
  tls,
  tty: () => ({ isatty: () => false, ReadStream: class {}, WriteStream: class {} }),
  v8: () => ({
    ...(({ serialize, deserialize, Serializer, Deserializer }) => ({
      serialize,
      deserialize,
      Serializer,
      Deserializer,
    }))(requireReal('node:v8') as typeof import('node:v8')),
    getHeapStatistics: () => ({ total_heap_size: 32e6, used_heap_size: 24e6, heap_size_limit: 4e9 }),
    getHeapSpaceStatistics: () => [],
    setFlagsFromString() {},
    startupSnapshot: { isBuildingSnapshot: () => false },
  }),
  worker_threads: (context) => refusedBuiltin('worker_threads', messageChannel(context)),
  zlib: zlibInStep,
};
