import { COMMANDS } from '../commands/index.ts';
import type { EngineOptions } from '../engine.ts';
import type { Environment } from '../environment.ts';
import { fromBytes, toBytes } from '../protocol/bytes.ts';
import { RespServer } from '../server.ts';
import type { Target, Wire } from './target.ts';

/** A server of ours in this process, and connections to it. */
export function engineTarget(
  environment: Environment,
  options: EngineOptions = {},
): Target & { readonly server: RespServer } {
  const server = new RespServer(environment, COMMANDS, options);
  return {
    server,
    open: async () => {
      let wake = (): void => {};
      const wire: Wire = {
        received: '',
        send: (text) => connection.receive(toBytes(text)),
        close: () => connection.close(),
        more: () =>
          new Promise((resolve) => {
            wake = resolve;
          }),
      };
      const connection = server.connect({
        write: (bytes) => {
          wire.received += fromBytes(bytes);
          wake();
        },
        end: () => wake(),
      });
      return wire;
    },
  };
}
