import { parseInt64 } from '../protocol/numbers.ts';
import { SortedSet } from './sorted-set.ts';
import { Stream } from './stream.ts';

/**
 * What a key holds. `large` is sticky: once a value left the compact encoding that Redis keeps small ones in, it stays out of it, which shows in
 * OBJECT ENCODING and in the order of a set's members.
 */
export interface StringValue {
  readonly kind: 'string';
  bytes: string;
  /** How it was made: `any` becomes an integer or short text if it is one; the others never an integer. */
  form: 'any' | 'text' | 'raw';
}
export interface ListValue {
  readonly kind: 'list';
  readonly items: string[];
}
export interface HashValue {
  readonly kind: 'hash';
  readonly fields: Map<string, string>;
  large: boolean;
}
export interface SetValue {
  readonly kind: 'set';
  readonly members: Set<string>;
  /** No longer integers alone, or too many. */
  large: boolean;
}
export interface SortedSetValue {
  readonly kind: 'zset';
  set: SortedSet;
  large: boolean;
}
export interface StreamValue {
  readonly kind: 'stream';
  readonly stream: Stream;
}

export type Value = StringValue | ListValue | HashValue | SetValue | SortedSetValue | StreamValue;
export type Kind = Value['kind'];
export type ValueOf<K extends Kind> = Extract<Value, { kind: K }>;

const COMPACT_BYTES = 64;
const COMPACT_ENTRIES = 128;
const INTSET_ENTRIES = 512;
const EMBEDDED_BYTES = 44;

export const newString = (bytes: string, form: StringValue['form'] = 'any'): StringValue => ({
  kind: 'string',
  bytes,
  form,
});
export const newList = (items: string[] = []): ListValue => ({ kind: 'list', items });
export const newHash = (): HashValue => ({ kind: 'hash', fields: new Map(), large: false });
export const newStream = (): StreamValue => ({ kind: 'stream', stream: new Stream() });
export const newSortedSet = (set = new SortedSet()): SortedSetValue => {
  const value: SortedSetValue = { kind: 'zset', set, large: false };
  for (const { member } of set.all()) noteMember(value, member);
  return value;
};
export const newSet = (members: Iterable<string> = []): SetValue => {
  const value: SetValue = { kind: 'set', members: new Set(), large: false };
  for (const member of members) addMember(value, member);
  return value;
};

export function setField(hash: HashValue, field: string, value: string): boolean {
  const isNew = !hash.fields.has(field);
  hash.fields.set(field, value);
  if (field.length > COMPACT_BYTES || value.length > COMPACT_BYTES || hash.fields.size > COMPACT_ENTRIES)
    hash.large = true;
  return isNew;
}

export function addMember(set: SetValue, member: string): boolean {
  if (set.members.has(member)) return false;
  set.members.add(member);
  if (!set.large && (set.members.size > INTSET_ENTRIES || parseInt64(member) === null)) set.large = true;
  return true;
}

/** To be called after a member came in. */
export function noteMember(value: SortedSetValue, member: string): void {
  if (member.length > COMPACT_BYTES || value.set.size > COMPACT_ENTRIES) value.large = true;
}

/** Members of a set in their defined order: integers alone by value, otherwise as they came in. */
export function membersOf(set: SetValue): string[] {
  const members = [...set.members];
  if (set.large) return members;
  return members
    .map((member) => BigInt(member))
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    .map(String);
}

export function encodingOf(value: Value): string {
  switch (value.kind) {
    case 'string':
      if (value.form === 'any' && parseInt64(value.bytes) !== null) return 'int';
      return value.form !== 'raw' && value.bytes.length <= EMBEDDED_BYTES ? 'embstr' : 'raw';
    case 'list':
      return 'quicklist';
    case 'hash':
      return value.large ? 'hashtable' : 'listpack';
    case 'set':
      return value.large ? 'hashtable' : 'intset';
    case 'zset':
      return value.large ? 'skiplist' : 'listpack';
    case 'stream':
      return 'stream';
  }
}

/** Whether nothing is left of it, so that its key goes. A stream stays. */
export function isEmpty(value: Value): boolean {
  switch (value.kind) {
    case 'list':
      return value.items.length === 0;
    case 'hash':
      return value.fields.size === 0;
    case 'set':
      return value.members.size === 0;
    case 'zset':
      return value.set.size === 0;
    default:
      return false;
  }
}

/** A copy that shares nothing. */
export function copyValue(value: Value): Value {
  return value.kind === 'zset'
    ? { ...value, set: SortedSet.of(value.set.all()) }
    : value.kind === 'stream'
      ? { ...value, stream: value.stream.copy() }
      : structuredClone(value);
}
