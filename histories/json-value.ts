import type { Fault } from './error.ts';
import type { Json } from './operation.ts';
import { escapePointer } from './schema.ts';

/** Arrays and objects in a value are nested at most so deep: what reads them may recur. */
export const DEPTH_MAX = 500;

/** The first thing in a value that a history cannot carry, with its pointer; undefined if there is none. Cost: linear. */
export function jsonFault(value: unknown, pointer = '', depth = 0): Fault | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      if (Number.isFinite(value)) return undefined;
      return { code: 'not-finite', pointer, message: `expected a finite number, got ${value}` };
    case 'object':
      if (value === null) return undefined;
      if (depth >= DEPTH_MAX) return { code: 'too-deep', pointer: '', message: TOO_DEEP };
      for (const [name, item] of Object.entries(value)) {
        if (item === undefined && !Array.isArray(value)) continue;
        const fault = jsonFault(item, `${pointer}/${escapePointer(name)}`, depth + 1);
        if (fault !== undefined) return fault;
      }
      return undefined;
    default:
      return { code: 'wrong-type', pointer, message: `expected a JSON value, got ${typeof value}` };
  }
}

export const TOO_DEEP = `expected values nested at most ${DEPTH_MAX} deep`;

/** Whether the value is nested at most `DEPTH_MAX` deep and all its numbers lie within ±(2^53-1). Cost: linear. */
export function isModest(value: Json | undefined, depth = 0): boolean {
  if (typeof value === 'number') return value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER;
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= DEPTH_MAX) return false;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) if (!isModest(value[at], depth + 1)) return false;
    return true;
  }
  for (const item of Object.values(value)) if (!isModest(item, depth + 1)) return false;
  return true;
}

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/**
 * The first number in a JSON text that a double cannot hold: one beyond all doubles, or an integer of which digits would
 * be lost. Two 64-bit values must not become one without anybody noticing. Column from 1. Cost: linear.
 */
export function numberFault(text: string): (Fault & { readonly column: number }) | undefined {
  for (const { 0: token, index } of text.matchAll(STRING_OR_NUMBER)) {
    if (token.startsWith('"')) continue;
    const number = Number(token);
    const column = index + 1;
    if (!Number.isFinite(number)) {
      return { code: 'not-finite', pointer: '', message: `expected a finite number, got ${token}`, column };
    }
    if (Number.isSafeInteger(number) || !/^-?\d+$/.test(token)) continue;
    // What JavaScript itself prints for a double is fine, although it pads with zeros beyond 2^53.
    if (String(number) === token || BigInt(number) === BigInt(token)) continue;
    const message = `expected an integer that a double holds exactly (or its digits as a text), got ${token}`;
    return { code: 'inexact-number', pointer: '', message, column };
  }
  return undefined;
}
