import type { Generator, Workload } from '../../contract/index.ts';
import { generate } from '../once.ts';
import { finalReads } from './final-reads.ts';

export type CausalRegisterOptions = {
  /** Number of pairs of keys: `k0` and `k1`, `k2` and `k3`, ... */
  readonly pairs: number;
};

const DEFAULTS: CausalRegisterOptions = { pairs: 3 };

/**
 * Sessions that leave each other traces: a client reads the second key of a pair, then the first, then writes the first, then the second, and goes on to another
 * pair. Whoever sees the second write must see the first; what was read before must not go away; one's own writes stay. No value is written twice.
 */
export const causalRegister: Workload<CausalRegisterOptions> = {
  name: 'causal-register',
  summary: 'sessions that read and write pairs of registers, so that cause and effect show',
  options: {
    type: 'object',
    additionalProperties: false,
    properties: { pairs: { type: 'integer', minimum: 1, maximum: 50_000, default: DEFAULTS.pairs } },
  },
  operations: ['read', 'write'],
  main: (options) => traffic({ ...DEFAULTS, ...options }),
  final: ({ pairs = DEFAULTS.pairs }) => finalReads(2 * pairs),
  checkers: () => [{ name: 'session-guarantees' }, { name: 'causal', options: { variant: 'CCv' } }],
};

/** An operation follows from its thread and number alone. */
function traffic({ pairs }: CausalRegisterOptions): Generator {
  return generate((context) => {
    const thread = context.free[0]!;
    const nth = context.emitted[thread]!;
    const pair = (thread + Math.floor(nth / 4)) % pairs;
    const step = nth % 4;
    const key = `k${2 * pair + (step === 0 || step === 3 ? 1 : 0)}`;
    return step < 2
      ? { f: 'read', key, value: null, thread }
      : { f: 'write', key, value: nth * context.processes.length + thread + 1, thread };
  });
}
