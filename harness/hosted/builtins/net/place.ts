import { isIPv4, isIPv6 } from 'node:net';
import type { Sockets } from '../../../contract/index.ts';

/** What an address of the program's means in the simulated network, which is IPv4 alone. */
export interface Place {
  readonly host: string;
  /** Through the loopback interface. */
  readonly loopback: boolean;
}

const LOOPBACK = '127.0.0.1';

/** Undefined for an address that no machine of the topology has. */
export function placeOf(address: string, own: string, sockets: Sockets): Place | undefined {
  if (isIPv6(address)) {
    if (address === '::1' || address === '::') return { host: own, loopback: true };
    const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
    return mapped === undefined ? undefined : placeOf(mapped, own, sockets);
  }
  if (!isIPv4(address)) return undefined;
  if (address === '0.0.0.0' || address.startsWith('127.')) return { host: own, loopback: true };
  const host = sockets.hostAt(address);
  return host === undefined ? undefined : { host, loopback: false };
}

/** How one host is seen by another: by its address, or the loopback's if it is the same and no other is known. */
export function addressSeen(host: string, own: string, sockets: Sockets): string {
  return host === own ? LOOPBACK : sockets.addressOf(host)!;
}
