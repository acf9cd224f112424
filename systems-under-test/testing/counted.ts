import type { Host, Network, System } from '../../harness/contract/index.ts';
import { type HistoryEvent, isObservation } from '../../histories/index.ts';

/** Kind of the notes in which hosts of a counted system say that they sent a message. */
const SENT = 'sent';

/** The same system, whose hosts, clients included, note each message that they send: datagrams, requests and replies. */
export function counted<Options>(system: System<Options>): System<Options> {
  return {
    ...system,
    start: (host, role, setting) => system.start(noting(host), role, setting),
    client: (host, setting) => system.client(noting(host), setting),
  };
}

function noting(host: Host): Host {
  const { network } = host;
  const sent = (to: string) => host.note(SENT, { to });
  const noted: Network = {
    send(to, message) {
      sent(to);
      network.send(to, message);
    },
    onMessage: (handler) => network.onMessage(handler),
    request(to, message, options) {
      sent(to);
      return network.request(to, message, options);
    },
    onRequest(handler) {
      network.onRequest(async (message, from) => {
        const reply = await handler(message, from);
        sent(from);
        return reply;
      });
    },
    connect: (to, options) => network.connect(to, options),
    onConnection: (handler) => network.onConnection(handler),
  };
  return {
    name: host.name,
    incarnation: host.incarnation,
    configuration: host.configuration,
    random: host.random,
    clock: host.clock,
    network: noted,
    disk: host.disk,
    memory: host.memory,
    after: (delay, callback) => host.after(delay, callback),
    sleep: (delay) => host.sleep(delay),
    spend: (time) => host.spend(time),
    always: (condition, what, detail) => host.always(condition, what, detail),
    sometimes: (condition, what) => host.sometimes(condition, what),
    note: (kind, data) => host.note(kind, data),
    copies: (look) => host.copies(look),
    exit: (reason) => host.exit(reason),
  };
}

/** Messages sent and received by each host, and all messages, in these events of a counted system. */
export function messagesIn(events: readonly HistoryEvent[]): {
  readonly all: number;
  readonly at: ReadonlyMap<string, number>;
} {
  const at = new Map<string, number>();
  let all = 0;
  for (const event of events) {
    if (!isObservation(event) || event.kind !== SENT) continue;
    all++;
    const { to } = event.data as { readonly to: string };
    for (const host of [event.host, to]) at.set(host, (at.get(host) ?? 0) + 1);
  }
  return { all, at };
}
