import type { Message } from '../contract/index.ts';

/** Nesting at most: the canonical encoding takes no more, and a circle has no end. */
const DEEPEST = 100;

/** Size of the message being sealed in its canonical encoding, in bytes: exact but for text beyond ASCII. */
let size = 0;
let depth = 0;

function hashText(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return Math.imul(hash ^ text.length, 0x01000193);
}

const scratch = new Float64Array(1);
const words = new Int32Array(scratch.buffer);

function seal(value: unknown, seed: number, path: string): number {
  switch (typeof value) {
    case 'number': {
      if ((value | 0) === value && (value !== 0 || 1 / value > 0)) {
        size += 5;
        return Math.imul(seed ^ value, 0x85ebca6b);
      }
      if (!Number.isFinite(value))
        throw new TypeError(`a message holds ${value} at ${path || '/'}: expected a finite number`);
      size += 9;
      scratch[0] = value;
      return Math.imul(Math.imul(seed ^ words[0]!, 0x85ebca6b) ^ words[1]!, 0xc2b2ae35);
    }
    case 'string':
      size += 5 + value.length;
      return hashText(value, seed ^ 0x51ed270b);
    case 'boolean':
      size += 1;
      return Math.imul(seed ^ (value ? 0x2545f491 : 0x1b873593), 0x01000193);
    case 'object': {
      if (value === null) {
        size += 1;
        return Math.imul(seed ^ 0x3c6ef372, 0x01000193);
      }
      if (++depth > DEEPEST) {
        throw new TypeError(
          `a message nests deeper than ${DEEPEST} under ${path || '/'}, or in a circle: expected plain data`,
        );
      }
      size += 5;
      let hash = Math.imul(seed, 0x01000193);
      // The number of items closes each level: without it [[1], 2] and [[1, 2]] were the same.
      if (Array.isArray(value)) {
        hash ^= 0x5bd1e995;
        for (let i = 0; i < value.length; i++) hash = seal(value[i], hash, path);
        hash = Math.imul(hash ^ value.length, 0x9e3779b1);
      } else {
        const prototype = Object.getPrototypeOf(value);
        if (prototype !== Object.prototype && prototype !== null) {
          throw new TypeError(
            `a message holds a ${prototype.constructor?.name ?? 'special object'} under ${path || '/'}: expected plain data`,
          );
        }
        hash ^= 0x7feb352d;
        let keys = 0;
        for (const key in value) {
          const item = (value as Record<string, unknown>)[key];
          if (item === undefined) continue;
          keys++;
          size += 4 + key.length;
          hash = seal(item, hashText(key, hash), key);
        }
        hash = Math.imul(hash ^ keys, 0x846ca68b);
      }
      depth--;
      if (!Object.isFrozen(value)) Object.freeze(value);
      return hash;
    }
    default:
      throw new TypeError(
        `a message holds a ${typeof value} under ${path || '/'}: expected plain data (null, boolean, number, string, array, object)`,
      );
  }
}

/**
 * Makes a message immutable, checks that it is plain data, and takes its measure in one walk.
 * The hash tells contents apart, and the order of properties too.
 * Cost: linear in its size. @throws TypeError naming the property and what was expected.
 */
export function sealMessage(message: Message): { hash: number; size: number } {
  size = 0;
  depth = 0;
  sealed.hash = seal(message, 0x811c9dc5, '');
  sealed.size = size;
  return sealed;
}

/** Reused for each call: read it at once. */
const sealed = { hash: 0, size: 0 };
