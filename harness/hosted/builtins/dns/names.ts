import { isIP } from 'node:net';
import type { BuiltinContext } from '../context.ts';
import { type SystemError, systemError } from '../errors.ts';

export interface Entry {
  readonly address: string;
  readonly family: 4;
}

/** What the name server of the simulated data centres knows: each host by its name, and all hosts of a role by the role's. */
export class Names {
  private readonly context: BuiltinContext;
  /** Who asks for a role again is told its hosts in another order, as by a name server that shares load out. */
  private asked = 0;

  constructor(context: BuiltinContext) {
    this.context = context;
  }

  /** IPv4 addresses; none for an unknown name. */
  addresses(name: string): string[] {
    const { sockets } = this.context.native;
    const plain = name.toLowerCase().replace(/\.$/, '');
    if (plain === 'localhost') return ['127.0.0.1'];
    const hosts = sockets.hostsOf(name);
    const first = hosts.length > 1 ? this.asked++ % hosts.length : 0;
    return [...hosts.slice(first), ...hosts.slice(0, first)].map((host) => sockets.addressOf(host)!);
  }

  /** The host with this address; undefined if there is none. */
  hostAt(address: string): string | undefined {
    if (address.startsWith('127.') || address === '::1') return 'localhost';
    return isIP(address) === 4 ? this.context.native.sockets.hostAt(address) : undefined;
  }
}

/** `getaddrinfo ENOTFOUND db`. */
export function lookupFailure(hostname: string): SystemError {
  return Object.assign(systemError('ENOTFOUND', 'getaddrinfo', `getaddrinfo ENOTFOUND ${hostname}`), {
    hostname,
  });
}

/** `queryA ENOTFOUND db`. */
export function queryFailure(code: 'ENOTFOUND' | 'ENODATA', syscall: string, hostname: string): Error {
  return Object.assign(new Error(`${syscall} ${code} ${hostname}`), {
    errno: undefined,
    code,
    syscall,
    hostname,
  });
}
