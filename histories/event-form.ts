import { abbreviate, type Fault } from './error.ts';
import type { Json } from './operation.ts';
import { escapePointer } from './schema.ts';

/*
 * The schemas of events, written out by hand: a million lines are read at the speed of the parser. A test holds them
 * against the compiled schemas.
 */

/** For each property what it must be: a test, and the same in words. */
interface Form {
  readonly required: readonly string[];
  readonly properties: {
    readonly [name: string]: readonly [holds: (value: Json) => boolean, expected: string];
  };
}

type Properties = { readonly [name: string]: Json | undefined };

const count = (value: Json | undefined): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const text = (value: Json | undefined): boolean => typeof value === 'string';
const word = (value: Json | undefined): boolean => typeof value === 'string' && value !== '';
const anything = (): boolean => true;
const key = (value: Json): boolean => typeof value === 'string' || Number.isFinite(value);
const id = (value: Json): boolean =>
  Array.isArray(value) && value.length === 2 && count(value[0]) && count(value[1]);
const oneOf = (...names: string[]): readonly [(value: Json) => boolean, string] => [
  (value) => names.includes(value as string),
  `one of ${names.map((name) => `"${name}"`).join(', ')}`,
];

const INDEX = [count, 'an integer from 0'] as const;
const TIME = [count, 'nanoseconds as an integer from 0'] as const;
const PROCESS = [count, 'an integer from 0, "nemesis" or "controller"'] as const;
const WORD = [word, 'a text that is not empty'] as const;
const TEXT = [text, 'a text'] as const;
const ANYTHING = [anything, 'a JSON value'] as const;

const OPERATION: Form = {
  required: ['index', 'time', 'process', 'type', 'f', 'value'],
  properties: {
    index: INDEX,
    time: TIME,
    process: PROCESS,
    type: oneOf('invoke', 'ok', 'fail', 'info'),
    f: WORD,
    value: ANYTHING,
    key: [key, 'a text or a number'],
    error: ANYTHING,
    id: [id, 'two integers [client, nth]'],
    node: TEXT,
    phase: TEXT,
  },
};
const NEMESIS: Form = {
  required: OPERATION.required,
  properties: {
    index: INDEX,
    time: TIME,
    process: [oneOf('nemesis', 'controller')[0], PROCESS[1]],
    type: oneOf('info'),
    f: WORD,
    value: ANYTHING,
  },
};
const OBSERVATION: Form = {
  required: ['index', 'time', 'type', 'host', 'kind', 'data'],
  properties: {
    index: INDEX,
    time: TIME,
    type: oneOf('note', 'always', 'sometimes', 'uncaught'),
    host: WORD,
    kind: TEXT,
    data: ANYTHING,
  },
};

/**
 * What is wrong with one event taken for itself; undefined if nothing. An event without `process` and with a `host` is
 * an observation. Says nothing about order and pairing. Cost: linear in the number of properties; values are not
 * looked into.
 */
export function eventFault(value: unknown): Fault | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return {
      code: 'wrong-type',
      pointer: '',
      message: `expected an event, got ${abbreviate(value as Json)}`,
    };
  }
  const event = value as Properties;
  if (isPlainOperation(event)) return undefined;
  if (event.process === undefined && event.host !== undefined) return formFault(event, OBSERVATION);
  return formFault(event, typeof event.process === 'string' ? NEMESIS : OPERATION);
}

/** The short way for what most lines are. What it does not know is left to `formFault`. */
function isPlainOperation(event: Properties): boolean {
  const { type } = event;
  if (type !== 'invoke' && type !== 'ok' && type !== 'fail' && type !== 'info') return false;
  if (!count(event.index) || !count(event.time) || !count(event.process)) return false;
  if (!word(event.f) || event.value === undefined) return false;
  let unknown = -6;
  if (event.key !== undefined && key(event.key)) unknown--;
  if (event.error !== undefined) unknown--;
  if (event.id !== undefined && id(event.id)) unknown--;
  if (event.node !== undefined && text(event.node)) unknown--;
  if (event.phase !== undefined && text(event.phase)) unknown--;
  for (const _ in event) unknown++;
  return unknown === 0;
}

function formFault(event: Properties, { required, properties }: Form): Fault | undefined {
  for (const name of required) {
    if (event[name] === undefined) {
      const message = `expected ${properties[name]![1]}, got nothing`;
      return { code: 'missing-property', pointer: `/${name}`, message };
    }
  }
  for (const name of Object.keys(event)) {
    const value = event[name];
    if (value === undefined) continue;
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const pointer = `/${escapePointer(name)}`;
    if (property === undefined) {
      return { code: 'unknown-property', pointer, message: 'this property is not part of the format' };
    }
    const [holds, expected] = property;
    if (!holds(value)) {
      return { code: 'wrong-type', pointer, message: `expected ${expected}, got ${abbreviate(value)}` };
    }
  }
  return undefined;
}
