import type { Command } from '../command.ts';
import { ADMINISTRATION } from './administration.ts';
import { BITS } from './bits.ts';
import { CLIENT } from './client.ts';
import { CONNECTION } from './connection.ts';
import { EXPIRY } from './expiry.ts';
import { HASHES } from './hashes.ts';
import { KEYS } from './keys.ts';
import { LISTS } from './lists.ts';
import { PUBLISHING } from './publishing.ts';
import { REPLICATION } from './replication.ts';
import { SCRIPTING } from './scripting.ts';
import { SETS } from './sets.ts';
import { SORTED_SET_RANGES } from './sorted-set-ranges.ts';
import { SORTED_SETS } from './sorted-sets.ts';
import { STREAM_CLAIMS } from './stream-claims.ts';
import { STREAM_GROUPS } from './stream-groups.ts';
import { STREAM_INFORMATION } from './stream-information.ts';
import { STREAMS } from './streams.ts';
import { STRINGS } from './strings.ts';
import { TRANSACTIONS } from './transactions.ts';

const ALL: readonly Command[] = [
  ...CONNECTION,
  CLIENT,
  ...KEYS,
  ...EXPIRY,
  ...STRINGS,
  ...BITS,
  ...HASHES,
  ...LISTS,
  ...SETS,
  ...SORTED_SETS,
  ...SORTED_SET_RANGES,
  ...STREAMS,
  ...STREAM_GROUPS,
  ...STREAM_CLAIMS,
  STREAM_INFORMATION,
  ...TRANSACTIONS,
  ...PUBLISHING,
  ...SCRIPTING,
  ...REPLICATION,
  ...ADMINISTRATION,
];

/** Every command by its name in lower case. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map(ALL.map((command) => [command.name, command]));
