import type { Json } from '../contract/index.ts';
import { DURATION_PATTERN, objectivesSchema } from '../contract/index.ts';
import {
  DEFAULT_FAULT_PHASE,
  DEFAULT_LIMITS,
  DEFAULT_OPERATION_TIMEOUT,
  DEFAULT_RATE,
  DEFAULT_SETTINGS,
  DEFAULT_WARM_UP,
} from './default-settings.ts';

export type Schema = { readonly [keyword: string]: Json };

const MOST = Number.MAX_SAFE_INTEGER;

function object(
  description: string,
  properties: { readonly [name: string]: Schema },
  optional: string[] = [],
): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  const withoutDefault = required.filter((name) => properties[name]!.default === undefined);
  return { type: 'object', description, properties, required: withoutDefault, additionalProperties: false };
}

function list(description: string, items: Schema, keywords: Schema = {}): Schema {
  return { type: 'array', description, items, ...keywords };
}

function text(description: string): Schema {
  return { type: 'string', description, minLength: 1 };
}

function whole(description: string, minimum: number, byDefault?: number): Schema {
  return withDefault({ type: 'integer', description, minimum, maximum: MOST }, byDefault);
}

function duration(description: string, byDefault?: number, minimum = 0): Schema {
  const schema = { type: 'integer', description, minimum, maximum: MOST, $comment: 'duration' };
  return withDefault(schema, byDefault);
}

function share(description: string, byDefault?: number): Schema {
  return withDefault({ type: 'number', description, minimum: 0, maximum: 1 }, byDefault);
}

function withDefault(schema: Schema, byDefault: Json | undefined): Schema {
  return byDefault === undefined ? schema : { ...schema, default: byDefault };
}

const host = object(
  'a machine',
  {
    name: text('unique in the whole topology'),
    role: text('what the system uses it for; client for those who run the workload'),
    speed: { type: 'number', description: 'speed relative to nominal', exclusiveMinimum: 0 },
    ecc: { enum: ['off', 'sec-ded'] },
    diskBytes: whole('bytes of disk', 0),
  },
  ['speed', 'ecc', 'diskBytes'],
);

const topology = object('data centres, racks and hosts', {
  datacenters: list(
    'data centres',
    object('a data centre', {
      name: text('unique'),
      clusterSwitches: {
        type: 'integer',
        description: 'redundant cluster switches',
        minimum: 0,
        maximum: 64,
      },
      racks: list(
        'racks',
        object('a rack', {
          name: text('unique; its switch is <rack>/switch'),
          row: text('racks of one row are stacked'),
          hosts: list('machines in the rack', host),
        }),
        { minItems: 1 },
      ),
    }),
    { minItems: 1 },
  ),
  cables: list(
    'cables between data centres',
    object('a cable', {
      name: text('unique'),
      between: list('names of two data centres', { type: 'string' }, { minItems: 2, maxItems: 2 }),
      latency: duration('one way'),
    }),
    { default: [] },
  ),
});

const world = object('figures of machines and links', {
  tick: duration('virtual time advances in multiples of this', DEFAULT_SETTINGS.tick, 1),
  hopLatency: duration('latency of one hop', DEFAULT_SETTINGS.hopLatency),
  jitter: duration('uniform extra delay of a message, up to this', DEFAULT_SETTINGS.jitter),
  slowShare: share('share of messages that take ten times the latency', DEFAULT_SETTINGS.slowShare),
  loss: share('share of messages lost without any fault', DEFAULT_SETTINGS.loss),
  linkBitsPerSecond: whole('of the link of a host; 0: not modelled', 0, DEFAULT_SETTINGS.linkBitsPerSecond),
  transportChecksum: { type: 'boolean', default: DEFAULT_SETTINGS.transportChecksum },
  cpuPerEvent: duration('CPU time of one event', DEFAULT_SETTINGS.cpuPerEvent),
  cpuPerKilobyte: duration('CPU time for each kilobyte of a message', DEFAULT_SETTINGS.cpuPerKilobyte),
  queueLimit: whole('events that wait for a process at most', 1, DEFAULT_SETTINGS.queueLimit),
  diskWriteLatency: duration('of a write', DEFAULT_SETTINGS.diskWriteLatency),
  diskSyncLatency: duration('of a sync', DEFAULT_SETTINGS.diskSyncLatency),
  diskReadLatency: duration('of a read', DEFAULT_SETTINGS.diskReadLatency),
});

const names = list('names', { type: 'string' }, { minItems: 1, uniqueItems: true });

const fault = object(
  'one fault to come',
  {
    at: duration('after the beginning of the fault phase'),
    for: duration('until it is healed; to the end of the phase if absent', undefined, 1),
    fault: text('name of a nemesis'),
    target: {
      type: 'object',
      description: 'exactly one of hosts, role, switches, cables, racks, datacenters, none',
      properties: {
        hosts: names,
        role: { const: 'leader' },
        index: { type: 'integer', minimum: 0, maximum: MOST },
        switches: names,
        cables: names,
        racks: names,
        datacenters: names,
        none: { const: true },
      },
      additionalProperties: false,
    },
    parameters: { type: 'object', description: 'see the schema of the nemesis', default: {} },
    mustBite: { type: 'boolean', description: 'the run is unknown if this one had no effect' },
  },
  ['for', 'mustBite'],
);

const checker = object('a checker', { name: text('name of a checker'), options: {} }, ['options']);

/** As in a history's header, except that a deadline of nothing makes no sense for a run to come. */
const objectives: Schema = {
  ...objectivesSchema,
  properties: {
    ...objectivesSchema.properties,
    deadline: duration('an operation must be answered within', undefined, 1),
  },
};

/** JSON schema of a plan whose durations are in nanoseconds, with defaults for all that a person would not write. */
export const PLAN_SCHEMA: Schema = object(
  'everything that decides a run',
  {
    sixways: { const: 1, default: 1 },
    seed: whole('seed of all draws of the run', 0),
    system: object('the system under test', {
      name: text('name of a system'),
      options: { description: 'see the schema of the system', default: {} },
      flaws: list(
        'planted flaws that are switched on',
        { type: 'string' },
        { default: [], uniqueItems: true },
      ),
    }),
    topology,
    world: { ...world, default: {} },
    workload: object(
      'what clients do',
      {
        name: text('name of a workload'),
        options: { description: 'see the schema of the workload', default: {} },
        clients: whole('number of clients', 1),
        rate: {
          type: 'number',
          description: 'operations per second over all clients',
          exclusiveMinimum: 0,
          default: DEFAULT_RATE,
        },
        timeout: duration('an operation open for longer is recorded as info', DEFAULT_OPERATION_TIMEOUT, 1),
        only: list(
          'only these operations are invoked',
          list(
            'number of the client, which of its operations, and not before which nanosecond from the beginning of the warm-up',
            { type: 'integer', minimum: 0 },
            { minItems: 2, maxItems: 3 },
          ),
        ),
      },
      ['only'],
    ),
    phases: {
      ...object(
        'lengths of the phases',
        {
          warmUp: duration('operations without faults', DEFAULT_WARM_UP),
          faults: duration('operations under faults', DEFAULT_FAULT_PHASE),
          recovery: duration('upper bound of the recovery; what the system claims if absent'),
          settle: duration('silence before the final reads; what the system claims to need if absent'),
          demand: {
            enum: ['keys', 'clients', 'kinds'],
            description:
              'what must be served for the recovery: each key, each client, too, or each kind of operation as well; keys if absent',
          },
        },
        ['recovery', 'settle', 'demand'],
      ),
      default: {},
    },
    schedule: list('faults to come', fault, { default: [] }),
    limits: {
      ...object('ends a run that does not end', {
        events: whole('events of the world', 1, DEFAULT_LIMITS.events),
        eventsPerInstant: whole('events at one instant', 1, DEFAULT_LIMITS.eventsPerInstant),
        realSeconds: { type: 'number', exclusiveMinimum: 0, default: DEFAULT_LIMITS.realSeconds },
        memoryMegabytes: whole('memory of the worker', 1, DEFAULT_LIMITS.memoryMegabytes),
      }),
      default: {},
    },
    beyond: {
      type: 'boolean',
      description: 'faults may exceed the tolerance: liveness is not judged',
      default: false,
    },
    checkers: list('checkers that judge the run', checker),
    objectives,
  },
  ['objectives'],
);

/** The schema as people use it: durations also as `250ms` or `1.5s`. For publication; the loader converts first and checks then. */
export function publishedPlanSchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'sixways plan',
    ...withUnits(PLAN_SCHEMA),
  };
}

/** The same schema for people, who also write durations as text. */
export function withUnits(schema: Schema): Schema {
  const entries = Object.entries(schema).map(([keyword, value]): [string, Json] => [keyword, deeper(value)]);
  const copy = Object.fromEntries(entries);
  return schema.$comment === 'duration'
    ? { ...copy, type: ['integer', 'string'], pattern: DURATION_PATTERN }
    : copy;
}

function deeper(value: Json): Json {
  if (value === null || typeof value !== 'object') return value;
  return Array.isArray(value) ? value.map(deeper) : withUnits(value as Schema);
}
