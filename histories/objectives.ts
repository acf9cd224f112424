import type { Json } from './operation.ts';

/** An upper bound of a latency percentile: over all operations, or in each window of the time in which clients ask. */
export type LatencyObjective = {
  /** 0..100. */
  readonly percentile: number;
  readonly within: number;
  /** Length of the windows, one after the other from the first operation on; an operation counts where it was invoked. */
  readonly window?: number;
  /** Share of the windows that must keep the bound; 1 if absent. */
  readonly share?: number;
  /** Windows with fewer operations are not judged; 1 if absent. */
  readonly atLeast?: number;
};

/** A lower bound of the operations that are `ok` within the deadline, over all the time in which clients ask, or in each window of it. */
export type GoodputObjective = {
  readonly perSecond: number;
  /** Length of the windows; an operation counts where it was completed. */
  readonly window?: number;
  /** Share of the windows that must keep the bound; 1 if absent. */
  readonly share?: number;
};

/**
 * An alert on the burn rate: the share of operations not served, over the share that the availability allows. It fires when
 * the rate is above the bound over the long window and, if one is stated, over the short one that ends at the same moment.
 */
export type BurnObjective = {
  readonly rate: number;
  readonly window: number;
  /** Usually a twelfth of the window: tells that it is still going on. */
  readonly short?: number;
};

/** What can be demanded of any set of operations. */
export type ServiceTargets = {
  /** Share of operations that must be served within the deadline, 0..1, e.g. 0.999. */
  readonly availability?: number;
  readonly latency?: readonly LatencyObjective[];
  readonly goodput?: readonly GoodputObjective[];
  /** Alerts that must not fire. They refer to `availability`. */
  readonly burn?: readonly BurnObjective[];
};

/** Objectives of some operations: those that meet every condition stated. */
export type ScopedObjectives = ServiceTargets & {
  readonly name: string;
  /** Kinds of operations. */
  readonly f?: readonly string[];
  readonly keys?: readonly (string | number)[];
  readonly keyPrefix?: string;
  /** Those invoked before the faults, while they are in force, or after they are healed. */
  readonly stage?: 'before' | 'during' | 'after';
  /** The general one if absent. */
  readonly deadline?: number;
};

/** Service-level objectives, as data, judged by the `sla` checker. Durations in nanoseconds. */
export interface Objectives extends ServiceTargets {
  /** An operation counts as served when it is `ok` (or a definite `fail` such as a cas mismatch) within this time. */
  readonly deadline: number;
  /** Longest time that may pass from a fault's start until operations are served again. */
  readonly repairWithin?: number;
  /** Longest time that may pass from a fault's start until the first client notices, if any does. */
  readonly detectWithin?: number;
  /** Operations that must have been served before the first fault; with fewer the run says too little about what is normal. */
  readonly trafficBefore?: number;
  readonly scopes?: readonly ScopedObjectives[];
}

type Schema = { readonly [keyword: string]: Json };

const count = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;

/** `$comment` marks what a plan may also write as `250ms`. */
function duration(description: string, minimum = 0): Schema {
  return { ...count, minimum, description, $comment: 'duration' };
}

function share(description: string): Schema {
  return { type: 'number', minimum: 0, maximum: 1, description };
}

function closed<T>(
  description: string,
  properties: { readonly [name in keyof Required<T>]: Schema },
  required: readonly (keyof T & string)[],
): Schema {
  return {
    type: 'object',
    description,
    properties: { ...properties },
    required,
    additionalProperties: false,
  };
}

const windows = {
  window: duration('length of the windows that are judged one by one', 1),
  share: share('share of the windows that must keep the bound'),
};

const targets: { readonly [name in keyof Required<ServiceTargets>]: Schema } = {
  availability: share('share of operations served within the deadline'),
  latency: {
    type: 'array',
    description: 'upper bounds of latency percentiles',
    items: closed<LatencyObjective>(
      'an upper bound of a latency percentile',
      {
        percentile: { type: 'number', minimum: 0, maximum: 100 },
        within: duration('upper bound'),
        ...windows,
        atLeast: { ...count, minimum: 1, description: 'windows with fewer operations are not judged' },
      },
      ['percentile', 'within'],
    ),
  },
  goodput: {
    type: 'array',
    description: 'lower bounds of the operations that are ok within the deadline',
    items: closed<GoodputObjective>(
      'a lower bound of the goodput',
      { perSecond: { type: 'number', minimum: 0 }, ...windows },
      ['perSecond'],
    ),
  },
  burn: {
    type: 'array',
    description: 'alerts on the burn rate of the error budget that must not fire',
    items: closed<BurnObjective>(
      'an alert',
      {
        rate: { type: 'number', exclusiveMinimum: 0 },
        window: duration('long window', 1),
        short: duration('short window', 1),
      },
      ['rate', 'window'],
    ),
  },
};

/** JSON schema (draft 2020-12) of `Objectives`. */
export const objectivesSchema = {
  type: 'object',
  description: 'service-level objectives',
  properties: {
    deadline: duration('an operation must be answered within'),
    ...targets,
    repairWithin: duration('longest time from the start of a fault until operations are served again'),
    detectWithin: duration('longest time from the start of a fault until the first client notices'),
    trafficBefore: { ...count, description: 'operations that must have been served before the first fault' },
    scopes: {
      type: 'array',
      description: 'objectives of some operations',
      items: closed<ScopedObjectives>(
        'objectives of the operations that meet every condition stated',
        {
          name: { type: 'string', minLength: 1 },
          f: { type: 'array', description: 'kinds of operations', items: { type: 'string' } },
          keys: { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'number' }] } },
          keyPrefix: { type: 'string' },
          stage: { enum: ['before', 'during', 'after'] },
          deadline: duration('an operation must be answered within'),
          ...targets,
        },
        ['name'],
      ),
    },
  } satisfies { readonly [name in keyof Required<Objectives>]: Schema },
  required: ['deadline'],
  additionalProperties: false,
} as const satisfies Schema;
