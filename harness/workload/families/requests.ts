import { type Generator, MILLISECOND, type Nanos, type Random, type Workload } from '../../contract/index.ts';
import { arrivals, type RateChange } from '../arrivals.ts';
import { nothing } from '../generator.ts';
import { limit } from '../limit.ts';
import { mix, type Share } from '../mix.ts';
import { generate } from '../once.ts';
import { finalReads } from './final-reads.ts';
import { register } from './register.ts';

export type RequestsOptions = {
  /** Relative frequencies: visits, which are work and nothing else, and operations on registers. */
  readonly visitShare: number;
  readonly readShare: number;
  readonly writeShare: number;
  readonly casShare: number;
  readonly keys: number;
  /** Share of the operations on registers that go to `k0`, whatever the number of keys. */
  readonly hotShare: number;
  /** How the cost of visits is distributed, and its mean: CPU time in nanoseconds. */
  readonly cost: 'deterministic' | 'exponential' | 'bimodal';
  readonly costMean: Nanos;
  /** Of a bimodal cost: this share of the visits costs so many times what the others do. */
  readonly heavyShare: number;
  readonly heavyTimes: number;
  /** Arrivals per second, by the workload's own clock; 0: the rate of the plan. Then, changes of it. */
  readonly perSecond: number;
  readonly changes: readonly RateChange[];
  /** Operations at most; 0: no bound. */
  readonly most: number;
};

const DEFAULTS: RequestsOptions = {
  visitShare: 2,
  readShare: 2,
  writeShare: 1,
  casShare: 1,
  keys: 5,
  hotShare: 0,
  cost: 'exponential',
  costMean: 5 * MILLISECOND,
  heavyShare: 0.1,
  heavyTimes: 10,
  perSecond: 0,
  changes: [],
  most: 0,
};

const weight = { type: 'number', minimum: 0 } as const;
const share = { type: 'number', minimum: 0, maximum: 1 } as const;

/** Requests of many users: visits of unequal cost, beside reads and writes of registers; arrivals whose rate changes. */
export const requests: Workload<RequestsOptions> = {
  name: 'requests',
  summary: 'visits of unequal cost beside reads and writes of registers; arrivals that do not wait',
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      visitShare: { ...weight, default: DEFAULTS.visitShare },
      readShare: { ...weight, default: DEFAULTS.readShare },
      writeShare: { ...weight, default: DEFAULTS.writeShare },
      casShare: { ...weight, default: DEFAULTS.casShare },
      keys: { type: 'integer', minimum: 1, maximum: 100_000, default: DEFAULTS.keys },
      hotShare: { ...share, default: DEFAULTS.hotShare },
      cost: { enum: ['deterministic', 'exponential', 'bimodal'], default: DEFAULTS.cost },
      costMean: { type: 'integer', minimum: 0, default: DEFAULTS.costMean, $comment: 'duration' },
      heavyShare: { ...share, default: DEFAULTS.heavyShare },
      heavyTimes: { type: 'number', minimum: 1, default: DEFAULTS.heavyTimes },
      perSecond: { type: 'number', minimum: 0, default: DEFAULTS.perSecond },
      changes: {
        type: 'array',
        description: 'changes of perSecond, in the order of time, so long after the start',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['at', 'perSecond'],
          properties: {
            at: { type: 'integer', minimum: 0, $comment: 'duration' },
            perSecond: { type: 'number', minimum: 0 },
          },
        },
        default: [],
      },
      most: { type: 'integer', minimum: 0, default: DEFAULTS.most },
    },
  },
  operations: ['visit', 'read', 'write', 'cas'],
  needs(given) {
    const { visitShare, readShare, writeShare, casShare } = { ...DEFAULTS, ...given };
    const shares = { visit: visitShare, read: readShare, write: writeShare, cas: casShare };
    return Object.entries(shares).flatMap(([f, share]) => (share > 0 ? [f] : []));
  },
  ownPace: ({ perSecond = DEFAULTS.perSecond }) => perSecond > 0,
  main(given) {
    const options = { ...DEFAULTS, ...given };
    const { perSecond, changes, most } = options;
    const paced = perSecond > 0 ? arrivals(perSecond, changes, traffic(options)) : traffic(options);
    return most > 0 ? limit(most, paced) : paced;
  },
  final(given) {
    const options = { ...DEFAULTS, ...given };
    return registerShare(options) === 0 ? nothing : finalReads(options.keys);
  },
  checkers: () => [],
};

function shares({ readShare, writeShare, casShare }: RequestsOptions) {
  return { readShare, writeShare, casShare, valueMode: 'unique' } as const;
}

function registerShare({ readShare, writeShare, casShare }: RequestsOptions): number {
  return readShare + writeShare + casShare;
}

function traffic(options: RequestsOptions): Generator {
  const visits = generate((context) => ({
    f: 'visit',
    value: costOf(options, context.draws(context.free[0]!)),
  }));
  const onRegisters = registerShare(options);
  if (!(options.visitShare + onRegisters > 0))
    throw new RangeError(`requests: expected a positive share, got ${options.visitShare} and ${onRegisters}`);
  const parts: Share[] = [];
  if (options.visitShare > 0) parts.push([options.visitShare, visits]);
  if (onRegisters > 0) parts.push([onRegisters, registers(options)]);
  return mix(...parts);
}

/** Two groups of users: those who want what is wanted by all, and the others. */
function registers(options: RequestsOptions): Generator {
  const { keys, hotShare } = options;
  const spread = register.main({ keys, ...shares(options) });
  if (hotShare === 0) return spread;
  return mix([hotShare, register.main({ keys: 1, ...shares(options) })], [1 - hotShare, spread]);
}

/** CPU time in whole nanoseconds. Exponential ones by von Neumann's method, which is the same on every machine. */
function costOf({ cost, costMean, heavyShare, heavyTimes }: RequestsOptions, random: Random): Nanos {
  if (cost === 'deterministic') return costMean;
  if (cost === 'exponential') return random.exponential(costMean);
  const light = costMean / (1 - heavyShare + heavyShare * heavyTimes);
  return Math.round(random.chance(heavyShare) ? light * heavyTimes : light);
}
