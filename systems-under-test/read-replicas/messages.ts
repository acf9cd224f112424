import type { Json } from '../../harness/contract/index.ts';
import type { Change } from '../shared/command.ts';
import type { Position } from '../shared/position.ts';
import type { Entry } from '../shared/records.ts';

export type Fields = { readonly [name: string]: Json };

/** The writer's answer to a replica. `end`: the number of its last record when it answered. */
export type Feed =
  | { readonly type: 'records'; readonly entries: readonly Entry[]; readonly end: number }
  | {
      readonly type: 'snapshot';
      readonly position: Position;
      readonly entries: readonly Change[];
      readonly end: number;
    };
