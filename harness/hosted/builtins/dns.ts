import { isIP } from 'node:net';
import { promisify } from 'node:util';
import type { Nanos } from '../../contract/index.ts';
import type { BuiltinContext } from './context.ts';
import { type Entry, lookupFailure, Names, queryFailure } from './dns/names.ts';
import { nodeError } from './errors.ts';
import { received } from './net/arguments.ts';

/** A name server near by. It never fails: names are no part of the simulated faults. */
const LOOKUP_TIME: Nanos = 200_000;

interface LookupOptions {
  readonly family?: number | 'IPv4' | 'IPv6';
  readonly all?: boolean;
  readonly [option: string]: unknown;
}
type Found = Entry | Entry[];
type Answer = (error: Error | null, found?: unknown, family?: number) => void;

/** c-ares' codes: `dns.NODATA` and the others. */
const CODES = [
  ...['NODATA', 'FORMERR', 'SERVFAIL', 'NOTFOUND', 'NOTIMP', 'REFUSED', 'BADQUERY', 'BADNAME', 'BADFAMILY'],
  ...['BADRESP', 'CONNREFUSED', 'TIMEOUT', 'EOF', 'FILE', 'NOMEM', 'DESTRUCTION', 'BADSTR', 'BADFLAGS'],
  ...['NONAME', 'BADHINTS', 'NOTINITIALIZED', 'LOADIPHLPAPI', 'ADDRGETNETWORKPARAMS', 'CANCELLED'],
];
/** Kinds of records that no host has. */
const ABSENT = ['Aaaa', 'Any', 'Caa', 'Cname', 'Mx', 'Naptr', 'Ns', 'Ptr', 'Soa', 'Srv', 'Tlsa', 'Txt'];

/** `require('node:dns')` of one incarnation: names of the topology's hosts and roles. */
export function createDns(context: BuiltinContext) {
  const names = new Names(context);
  let order = 'verbatim';
  let servers = ['10.0.0.1'];

  const lookup = (hostname: unknown, given: unknown, maybe?: unknown): object => {
    const options = optionsOf(given);
    const answer = (typeof given === 'function' ? given : maybe) as Answer;
    if (typeof answer !== 'function') throw invalid('callback', 'of type function', answer);
    const all = options.all === true;
    if (hostname !== undefined && hostname !== null && hostname !== false && typeof hostname !== 'string')
      throw invalid('hostname', 'of type string', hostname);
    if (!hostname || typeof hostname !== 'string') {
      context.tick(() => (all ? answer(null, []) : answer(null, null, wants(options, 6) ? 6 : 4)));
    } else if (isIP(hostname) !== 0) {
      const family = isIP(hostname);
      context.tick(() =>
        all ? answer(null, [{ address: hostname, family }]) : answer(null, hostname, family),
      );
    } else {
      context.later(LOOKUP_TIME, () => {
        const addresses = wants(options, 6) ? [] : names.addresses(hostname);
        if (addresses.length === 0) answer(lookupFailure(hostname));
        else if (all) answer(null, addresses.map(entry));
        else answer(null, addresses[0], 4);
      });
    }
    return {};
  };

  const promisedLookup = (hostname: unknown, given?: unknown): Promise<Found> =>
    new context.Promise((resolve, reject) => {
      const { all } = optionsOf(given);
      lookup(hostname, given ?? {}, (error: Error | null, found: unknown, family: unknown) => {
        if (error !== null) reject(error);
        else resolve((all ? found : { address: found, family }) as Found);
      });
    });
  Object.defineProperty(lookup, promisify.custom, { value: promisedLookup });

  const query = (
    syscall: string,
    hostname: string,
    found: () => unknown[] | undefined,
    answer: Answer,
  ): object => {
    if (typeof hostname !== 'string') throw invalid('name', 'of type string', hostname);
    context.later(LOOKUP_TIME, () => {
      const records = found();
      if (records !== undefined && records.length > 0) answer(null, records);
      else
        answer(
          queryFailure(names.addresses(hostname).length > 0 ? 'ENODATA' : 'ENOTFOUND', syscall, hostname),
        );
    });
    return {};
  };
  const resolve4 = (hostname: string, given: unknown, maybe?: Answer): object => {
    const ttl = (given as { ttl?: unknown } | undefined)?.ttl === true;
    const records = () => names.addresses(hostname).map((address) => (ttl ? { address, ttl: 0 } : address));
    return query('queryA', hostname, records, (maybe ?? given) as Answer);
  };
  const reverse = (address: string, answer: Answer): object => {
    const host = (): string[] | undefined => {
      const name = names.hostAt(address);
      return name === undefined ? undefined : [name];
    };
    return query('getHostByAddr', address, host, answer);
  };
  const lookupService = (address: string, port: number, answer: Answer): object => {
    context.later(LOOKUP_TIME, () => {
      const name = names.hostAt(address);
      if (name === undefined) answer(queryFailure('ENOTFOUND', 'getnameinfo', address));
      else answer(null, name, port);
    });
    return {};
  };
  const resolve6 = (hostname: string, given: unknown, maybe?: Answer): object =>
    query('queryAaaa', hostname, () => undefined, (maybe ?? given) as Answer);
  const absent = ABSENT.filter((kind) => kind !== 'Aaaa').map((kind) => [
    `resolve${kind}`,
    (hostname: string, answer: Answer) => query(`query${kind}`, hostname, () => undefined, answer),
  ]);
  const queries: Record<string, (...parameters: never[]) => object> = {
    resolve4,
    resolve6,
    reverse,
    ...Object.fromEntries(absent),
  };
  const resolve = (hostname: string, given: unknown, maybe?: Answer): object => {
    const kind = typeof given === 'string' ? given : 'A';
    const answer = (maybe ?? given) as Answer;
    if (kind === 'A') return resolve4(hostname, answer);
    if (kind === 'AAAA') return resolve6(hostname, answer);
    const name = `${kind[0]}${kind.slice(1).toLowerCase()}`;
    if (!ABSENT.includes(name)) throw invalid('rrtype', "one of 'A', 'AAAA', 'CNAME', ...", given);
    return query(`query${name}`, hostname, () => undefined, answer);
  };

  const settings = {
    getServers: () => [...servers],
    setServers(given: readonly string[]): void {
      servers = [...given];
    },
    getDefaultResultOrder: () => order,
    setDefaultResultOrder(given: string): void {
      order = given;
    },
  };
  const codes = Object.fromEntries(CODES.map((code) => [code, code === 'EOF' ? 'EOF' : `E${code}`]));
  const asked = { resolve, ...queries };

  /** The same, each as a promise of the program's own. */
  const promised = Object.fromEntries(
    Object.entries(asked).map(([name, ask]) => [
      name,
      (...parameters: unknown[]) =>
        new context.Promise((done, reject) => {
          const answer: Answer = (error, found) => (error === null ? done(found) : reject(error));
          (ask as (...parameters: unknown[]) => object)(...parameters, answer);
        }),
    ]),
  );
  const promisedService = (address: string, port: number): Promise<object> =>
    new context.Promise((done, reject) => {
      lookupService(address, port, (error, hostname, service) =>
        error === null ? done({ hostname, service: String(service) }) : reject(error),
      );
    });

  class Resolver {
    cancel(): void {}
    setLocalAddress(): void {}
  }
  Object.assign(Resolver.prototype, asked, settings);
  class PromisedResolver extends Resolver {}
  Object.assign(PromisedResolver.prototype, promised);

  const promises = {
    lookup: promisedLookup,
    lookupService: promisedService,
    ...promised,
    ...settings,
    ...codes,
    Resolver: PromisedResolver,
  };
  return {
    lookup,
    lookupService,
    ...asked,
    ...settings,
    ...codes,
    ADDRCONFIG: 32,
    V4MAPPED: 8,
    ALL: 16,
    Resolver,
    promises,
  };
}

function entry(address: string): Entry {
  return { address, family: 4 };
}

function optionsOf(given: unknown): LookupOptions {
  if (typeof given === 'number') return { family: given };
  return typeof given === 'object' && given !== null ? (given as LookupOptions) : {};
}

function wants({ family }: LookupOptions, version: 6): boolean {
  return family === version || family === 'IPv6';
}

function invalid(name: string, expected: string, value: unknown): Error {
  return nodeError(
    'ERR_INVALID_ARG_TYPE',
    `The "${name}" argument must be ${expected}. Received ${received(value)}`,
    TypeError,
  );
}
