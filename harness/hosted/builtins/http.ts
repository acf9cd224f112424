import * as real from 'node:http';
import type * as net from 'node:net';
import type { BuiltinContext } from './context.ts';
import { HttpServerSockets } from './http-server.ts';
import { derived } from './legacy-class.ts';

type Net = typeof net;
/** `_storeHeader` of a response, which writes the header as text into `_header`. */
interface Outgoing {
  sendDate: boolean;
  _header: string;
  _storeHeader(first: string, headers: unknown): void;
}

/**
 * `http`: Node's own parser and state machines over the simulated sockets. What Node does by real timers (the Date header, the time-outs of a
 * server) is done by the host's clock.
 */
export function http(context: BuiltinContext): typeof real {
  const sockets = context.require('net') as Net;
  let second = Number.NaN;
  let text = '';
  /** As in the Date header; made once a second. */
  const date = (seconds: number): string => {
    if (seconds !== second) text = new Date(seconds * 1000).toUTCString();
    second = seconds;
    return text;
  };
  const ServerResponse = derived('ServerResponse', real.ServerResponse, (parameters) => parameters);
  const store = (real.ServerResponse.prototype as unknown as Outgoing)._storeHeader;
  Object.assign(ServerResponse.prototype, {
    _storeHeader(this: Outgoing, first: string, headers: unknown) {
      const { sendDate } = this;
      this.sendDate = false;
      store.call(this, first, headers);
      this.sendDate = sendDate;
      if (sendDate && !/^date:/im.test(this._header)) {
        const now = date(Math.floor(context.host.clock.wall() / 1e6));
        const end = this._header.indexOf('\r\n') + 2;
        this._header = `${this._header.slice(0, end)}Date: ${now}\r\n${this._header.slice(end)}`;
      }
    },
  });

  const Agent = derived('Agent', real.Agent, (parameters) => parameters);
  Object.assign(Agent.prototype, { createConnection: sockets.connect });
  const globalAgent = new Agent({ keepAlive: true, scheduling: 'lifo', timeout: 5000 });
  const withAgent = ([input, options, callback]: unknown[]): unknown[] => {
    const own = { _defaultAgent: globalAgent };
    if (typeof input === 'string' || input instanceof URL)
      return typeof options === 'object' && options !== null
        ? [input, { ...own, ...options }, callback]
        : [input, own, typeof options === 'function' ? options : callback];
    const answer = typeof options === 'function' ? options : callback;
    // Who brings an agent needs none.
    const needsNone = Boolean((input as { readonly agent?: unknown } | null)?.agent);
    return [needsNone ? input : { ...own, ...(input as object) }, answer];
  };
  const ClientRequest = derived('ClientRequest', real.ClientRequest, withAgent);

  const Server = derived(
    'Server',
    real.Server,
    (parameters) => {
      const [options, listener] = typeof parameters[0] === 'function' ? [{}, parameters[0]] : parameters;
      return [{ ServerResponse, ...(options as object | undefined) }, listener];
    },
    (made) => HttpServerSockets.attach(made as net.Server, context, sockets),
  );
  HttpServerSockets.methods(Server.prototype);

  const request = (...parameters: unknown[]): object => new ClientRequest(...parameters);
  const own = {
    ...real,
    Server,
    ServerResponse,
    Agent,
    ClientRequest,
    globalAgent,
    createServer: (...parameters: unknown[]) => new Server(...parameters),
    request,
    get(...parameters: unknown[]) {
      const made = request(...parameters) as real.ClientRequest;
      made.end();
      return made;
    },
    setMaxIdleHTTPParsers() {},
  };
  return own as unknown as typeof real;
}
