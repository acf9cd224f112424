import { type Client, HostError, type Setting, type System } from '../contract/index.ts';
import { createRandom } from '../simulator/index.ts';
import { ClientMachine } from './client-machine.ts';
import type { ClientBriefing, FromClient, ThrownError, ToClient } from './client-messages.ts';
import { RealHost } from './real-host.ts';

export interface ClientProcessOptions {
  readonly system: System;
  readonly setting: Setting;
  readonly seed: number;
  readonly briefing: ClientBriefing;
  /** The lines that follow the briefing. */
  readonly lines: AsyncIterable<string>;
  readonly answer: (message: FromClient) => void;
}

/** Plays a client in a process of its own, whose sockets are in the network namespace of the client's host. Ends with its input. */
export async function serveClient(options: ClientProcessOptions): Promise<void> {
  const { system, setting, seed, briefing, lines, answer } = options;
  const machine = new ClientMachine(briefing.host, new Map(briefing.addresses));
  const failed = (error: unknown): void => answer({ failed: asData(error) });
  // An error in an event handler of a client library must not end the client: it is told, and judged.
  process.on('uncaughtException', failed);
  process.on('unhandledRejection', failed);
  let host: RealHost | undefined;
  let client: Client | undefined;
  answer({ ready: true });
  for await (const line of lines) {
    const message = JSON.parse(line) as ToClient;
    if ('make' in message) {
      host?.end();
      client?.close?.();
      host = new RealHost({
        name: briefing.host,
        incarnation: message.make,
        random: createRandom(`${seed}/host/${briefing.host}/${message.make}`),
        live: machine,
        observe: (observation) => answer({ observation }),
        failed,
      });
      client = system.client(host, setting);
    } else {
      const { invoke, request } = message;
      Promise.resolve()
        .then(() => client!.invoke(request))
        .then(
          (completion) => answer({ done: invoke, completion }),
          (error) => answer({ done: invoke, thrown: asData(error) }),
        );
    }
  }
}

function asData(error: unknown): ThrownError {
  if (error instanceof HostError)
    return { name: error.name, message: error.message, code: error.code, definite: error.definite };
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { name, message };
}
