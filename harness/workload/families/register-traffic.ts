import type { Json } from '../../../histories/index.ts';
import type { Generator, Random, Request } from '../../contract/index.ts';

/** One operation to draw: everything about it but the key. */
export interface Draw {
  readonly random: Random;
  /** A number from 1 on that no other operation has. */
  readonly fresh: number;
  /** What the clients know of the key. */
  readonly known: Json | undefined;
}

/** How clients use registers. */
export interface RegisterUse {
  /** Number of registers, named `k0`, `k1`, ... */
  readonly keys: number;
  draw(draw: Draw): Pick<Request, 'f' | 'value'>;
  /** Whether a value that was read or written with success is to be remembered instead of the one that is known. */
  learns(value: Json, known: Json | undefined): boolean;
}

/**
 * Operations on registers, drawn independently. `seen`: what the clients know of each key. All else of an operation follows from its thread and
 * number alone.
 */
export function registerTraffic(use: RegisterUse, seen: ReadonlyMap<string, Json> = new Map()): Generator {
  return {
    next(context) {
      const thread = context.free[0];
      if (thread === undefined) return 'pending';
      const random = context.draws(thread);
      const key = `k${random.integer(0, use.keys - 1)}`;
      const fresh = context.emitted[thread]! * context.processes.length + thread + 1;
      return { emit: { ...use.draw({ random, fresh, known: seen.get(key) }), key, thread }, rest: this };
    },
    update({ type, request, value: result }) {
      const { key } = request;
      if (type !== 'ok' || typeof key !== 'string') return this;
      const value = valueAfter(request, result);
      return use.learns(value, seen.get(key)) ? registerTraffic(use, new Map(seen).set(key, value)) : this;
    },
  };
}

/** The register's value right after a successful operation. */
function valueAfter({ f, value }: Request, result: Json | undefined): Json {
  if (f === 'read') return result ?? null;
  return f === 'cas' && Array.isArray(value) ? (value as readonly Json[])[1]! : value;
}
