import { isIP } from 'node:net';
import type { BuiltinContext } from '../context.ts';
import { nodeError } from '../errors.ts';
import type { Options } from './arguments.ts';

type Found = string | readonly { readonly address: string; readonly family: number }[];
type Lookup = (
  name: string,
  options: object,
  done: (error: Error | null, address: Found, family?: number) => void,
) => void;

/**
 * Finds the address of a name, by the program's own `lookup` where it gave one, and tells it as the event `lookup` of the socket. An address is its own,
 * in the next tick.
 */
export function resolved(
  context: BuiltinContext,
  socket: { emit(event: 'lookup', ...parameters: unknown[]): boolean; readonly connecting: boolean },
  name: string,
  options: Options,
  done: (error: Error | null, address: string) => void,
): void {
  if (isIP(name) !== 0) {
    context.tick(() => done(null, name));
    return;
  }
  const { lookup: own } = options;
  if (own !== undefined && typeof own !== 'function') {
    throw nodeError(
      'ERR_INVALID_ARG_TYPE',
      'The "options.lookup" property must be of type function.',
      TypeError,
    );
  }
  const lookup = (own ?? (context.require('dns') as { readonly lookup: Lookup }).lookup) as Lookup;
  const family = options.family ?? 0;
  const all = options.autoSelectFamily !== false && family !== 4 && family !== 6;
  lookup(
    name,
    { family, hints: options.hints ?? 0, ...(all ? { all } : {}) },
    (error, found, foundFamily) => {
      const first = Array.isArray(found) ? found[0] : { address: found as string, family: foundFamily };
      socket.emit('lookup', error, first?.address, first?.family, name);
      if (!socket.connecting) return;
      if (error) {
        context.tick(() => done(error, ''));
      } else if (first === undefined || isIP(String(first.address)) === 0) {
        const message = `Invalid IP address: ${first?.address}`;
        context.tick(() => done(nodeError('ERR_INVALID_IP_ADDRESS', message, TypeError), ''));
      } else {
        done(null, first.address);
      }
    },
  );
}
