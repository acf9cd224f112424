import type { Host, Json } from '../../harness/contract/index.ts';
import { type Command, type Outcome, parseCommand } from './command.ts';
import { Sessions } from './sessions.ts';

/** Requests that are no commands on keys. @returns undefined for those it does not know. */
export type OtherRequests = (
  message: { readonly [name: string]: Json },
  from: string,
) => Json | Promise<Json> | undefined;

/** Answers the requests of `SessionClient`: opens sessions, carries out each numbered command once. */
export function serve(
  host: Host,
  execute: (command: Command) => Promise<Outcome>,
  other: OtherRequests = () => undefined,
): void {
  const sessions = new Sessions(host);
  host.network.onRequest((request, from) => {
    const message = request as { readonly [name: string]: Json };
    if (message.f === 'open') return { session: sessions.open() };
    const reply = other(message, from);
    if (reply !== undefined) return reply;
    const command = parseCommand(message);
    if (typeof command === 'string') return { type: 'fail', error: command };
    return sessions.once(message.session, message.number, async () => ({ ...(await execute(command)) }));
  });
}
