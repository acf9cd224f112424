import { DURATION_PATTERN, type Json, type Nanos, parseDuration } from '../../harness/contract/index.ts';
import { count } from '../shared/options.ts';

/** Options as a plan states them; absent ones have their defaults. */
export type RaftOptions = {
  readonly servers?: number;
  readonly spares?: number;
  readonly silence?: string;
  readonly rolling?: string;
  readonly heartbeat?: string;
  readonly electionTimeoutMin?: string;
  readonly electionTimeoutMax?: string;
  readonly snapshotEvery?: number;
  readonly keepBehindSnapshot?: number;
  readonly entriesPerAppend?: number;
  readonly sessions?: number;
  readonly attemptTimeout?: string;
  readonly patience?: string;
};

/** What any server of a group needs to know; durations in nanoseconds. */
export interface NodeSettings {
  readonly heartbeat: Nanos;
  readonly electionTimeoutMin: Nanos;
  readonly electionTimeoutMax: Nanos;
  readonly snapshotEvery: number;
  readonly keepBehindSnapshot: number;
  readonly entriesPerAppend: number;
}

/** The options in numbers. */
export interface RaftSettings extends NodeSettings {
  readonly servers: number;
  readonly spares: number;
  readonly silence: Nanos;
  readonly rolling: Nanos;
  readonly sessions: number;
  readonly attemptTimeout: Nanos;
  readonly patience: Nanos;
}

const duration = (value: string, description: string) => ({
  type: 'string',
  pattern: DURATION_PATTERN,
  default: value,
  description,
});

const properties = {
  servers: count(5, 1, 99, 'members of the cluster'),
  spares: count(0, 0, 99, 'servers that take the places of members; with any, there is an operator'),
  silence: duration('1s', 'the operator replaces a member that the leader has not heard of for this long'),
  rolling: duration('3s', 'the operator replaces a healthy member about this often'),
  heartbeat: duration('50ms', 'time between two heartbeats of a leader'),
  electionTimeoutMin: duration(
    '150ms',
    'a follower that hears nothing for this long at least stands for election',
  ),
  electionTimeoutMax: duration('300ms', 'and for this long at most'),
  snapshotEvery: count(100, 1, 1_000_000, 'entries applied between two snapshots'),
  keepBehindSnapshot: count(
    20,
    0,
    1_000_000,
    'entries kept in memory behind a snapshot for followers that lag a little',
  ),
  entriesPerAppend: count(64, 1, 10_000, 'most entries in one AppendEntries'),
  sessions: count(
    1000,
    1,
    1_000_000,
    'client sessions remembered; the least recently used one is forgotten beyond this',
  ),
  attemptTimeout: duration('200ms', "a client's patience with one server"),
  patience: duration(
    '900ms',
    "a client's patience with the cluster, for one operation: less than the time after which a plan gives it up",
  ),
};

export const schema: { readonly [keyword: string]: Json } = {
  type: 'object',
  additionalProperties: false,
  properties,
};

/** @throws RangeError if the time-outs contradict each other. */
export function settingsOf(options: RaftOptions): RaftSettings {
  const settings = {
    servers: options.servers ?? properties.servers.default,
    spares: options.spares ?? properties.spares.default,
    silence: parseDuration(options.silence ?? properties.silence.default),
    rolling: parseDuration(options.rolling ?? properties.rolling.default),
    heartbeat: parseDuration(options.heartbeat ?? properties.heartbeat.default),
    electionTimeoutMin: parseDuration(options.electionTimeoutMin ?? properties.electionTimeoutMin.default),
    electionTimeoutMax: parseDuration(options.electionTimeoutMax ?? properties.electionTimeoutMax.default),
    snapshotEvery: options.snapshotEvery ?? properties.snapshotEvery.default,
    keepBehindSnapshot: options.keepBehindSnapshot ?? properties.keepBehindSnapshot.default,
    entriesPerAppend: options.entriesPerAppend ?? properties.entriesPerAppend.default,
    sessions: options.sessions ?? properties.sessions.default,
    attemptTimeout: parseDuration(options.attemptTimeout ?? properties.attemptTimeout.default),
    patience: parseDuration(options.patience ?? properties.patience.default),
  };
  if (
    !(
      settings.heartbeat < settings.electionTimeoutMin &&
      settings.electionTimeoutMin < settings.electionTimeoutMax
    )
  ) {
    throw new RangeError(
      'expected heartbeat < electionTimeoutMin < electionTimeoutMax, got ' +
        `${options.heartbeat ?? '50ms'}, ${options.electionTimeoutMin ?? '150ms'}, ${options.electionTimeoutMax ?? '300ms'}`,
    );
  }
  return settings;
}
