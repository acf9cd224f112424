import type { Json } from '../../harness/contract/index.ts';
import type { Fields } from './copies.ts';

/**
 * How a copy travels in `store`. Version 1 of the program sends `state`, in which each written version names its parts; version 2 sends `short`, without the names.
 * A server of version 1 does not look at what it does not know: a message in the short form is one without a copy to it, and it answers as it does to all that it has carried out.
 * Only the version in the answer tells.
 */
const PARTS = ['dot', 'context', 'value', 'time'] as const;

export function short(state: Json): Json {
  return Array.isArray(state) ? state.map(packed) : packed(state);
}

/** The copy in a message, as this version of the program reads it; undefined if it sees none. */
export function stateIn({ state, short = null }: Fields, version: number): Json | undefined {
  if (short === null || version < 2) return state ?? undefined;
  const isList = (short as readonly Json[]).every(Array.isArray);
  return isList ? (short as readonly Json[]).map(unpacked) : unpacked(short);
}

function packed(version: Json): Json {
  const parts = version as Fields;
  return PARTS.map((name) => parts[name] ?? null);
}

function unpacked(parts: Json): Json {
  const named = PARTS.map((name, nth) => [name, (parts as readonly Json[])[nth] ?? null] as const);
  // Where the last write wins there are no contexts.
  return Object.fromEntries(named.filter(([name, part]) => name !== 'context' || part !== null));
}
