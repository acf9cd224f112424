import * as real from 'node:crypto';
import { MICROSECOND } from '../../contract/index.ts';
import { refuse } from '../current.ts';
import type { BuiltinContext } from './context.ts';
import { cryptoSync } from './crypto-sync.ts';
import { subtle } from './subtle.ts';

/** CPU work that Node hands to its thread pool: it comes back as an event after about this. */
const POOLED = 500 * MICROSECOND;
const SLOW = 50_000 * MICROSECOND;

type Call = (...parameters: never[]) => unknown;
type Done = (error: unknown, ...values: unknown[]) => void;

const SYNC = {
  pbkdf2: cryptoSync.pbkdf2Sync,
  scrypt: cryptoSync.scryptSync,
  hkdf: cryptoSync.hkdfSync,
  checkPrime: cryptoSync.checkPrimeSync,
};

/** Random bytes of the host's own stream. */
export interface RandomBytes {
  fill(bytes: Uint8Array): void;
  fraction(): number;
}

/**
 * `crypto`: randomness is the host's own, what Node does in its thread pool is done at once and told in a later event. What draws random numbers inside
 * OpenSSL (new key pairs, ECDSA and PSS signatures, padding of RSA encryption) cannot be seeded, and is refused.
 */
export function crypto(context: BuiltinContext, random: RandomBytes): object {
  const randomBytes = (size: number, done?: Done): unknown => {
    const bytes = Buffer.alloc(size);
    random.fill(bytes);
    if (done === undefined) return bytes;
    context.later(
      20 * MICROSECOND,
      context.bind(() => done(null, bytes)),
    );
    return undefined;
  };
  const fillPart = <View extends ArrayBufferView | ArrayBuffer>(
    view: View,
    offset = 0,
    size?: number,
  ): View => {
    const bytes = ArrayBuffer.isView(view)
      ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
      : new Uint8Array(view);
    random.fill(bytes.subarray(offset, size === undefined ? undefined : offset + size));
    return view;
  };
  const randomUUID = (): string => {
    const bytes = Buffer.alloc(16);
    random.fill(bytes);
    bytes[6] = (bytes[6]! & 15) | 64;
    bytes[8] = (bytes[8]! & 63) | 128;
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  };
  const randomInt = (first: number, second?: number | Done, third?: Done): unknown => {
    const [from, to] = typeof second === 'number' ? [first, second] : [0, first];
    const done = typeof second === 'function' ? second : third;
    const value = from + Math.floor(random.fraction() * (to - from));
    if (done === undefined) return value;
    context.later(
      20 * MICROSECOND,
      context.bind(() => done(null, value)),
    );
    return undefined;
  };
  /** The asynchronous form of a function by its synchronous one. */
  const pooled =
    (name: keyof typeof SYNC, delay = POOLED) =>
    (...parameters: unknown[]): void => {
      const done = context.bind(parameters.pop() as Done);
      const now = SYNC[name] as Call as (...parameters: unknown[]) => unknown;
      // A wrong parameter is thrown at once, as by Node.
      const value = now(...parameters);
      context.later(delay, () => done(null, value));
    };
  const unseeded = (name: string, remedy: string) =>
    [name, () => refuse(`crypto.${name}()`, remedy)] as const;
  const KEYS =
    'its random numbers come from OpenSSL: read a key that was made before, from a file or an environment variable';

  const signing = (name: 'sign' | 'verify') => {
    const now = (name === 'sign' ? cryptoSync.sign : cryptoSync.verify) as Call as (
      ...parameters: unknown[]
    ) => unknown;
    return (...parameters: unknown[]): unknown => {
      if (name === 'sign') refuseRandomSignature(parameters[2]);
      const done = parameters.at(-1);
      if (typeof done !== 'function') return now(...parameters);
      const value = now(...parameters.slice(0, -1));
      context.later(
        POOLED,
        context.bind(() => (done as Done)(null, value)),
      );
      return undefined;
    };
  };
  const createSign = (algorithm: string): real.Sign => {
    const made = real.createSign(algorithm);
    const now = made.sign.bind(made) as Call as (...parameters: unknown[]) => unknown;
    return Object.assign(made, {
      sign(...parameters: unknown[]) {
        refuseRandomSignature(parameters[0]);
        return now(...parameters);
      },
    }) as real.Sign;
  };
  const webcrypto = { subtle: subtle(context, random), getRandomValues: fillPart, randomUUID };
  const own = {
    ...real,
    ...cryptoSync,
    randomBytes,
    pseudoRandomBytes: randomBytes,
    prng: randomBytes,
    rng: randomBytes,
    randomUUID,
    randomInt,
    randomFillSync: fillPart,
    getRandomValues: fillPart,
    randomFill(view: ArrayBufferView, ...parameters: unknown[]) {
      const done = context.bind(parameters.pop() as Done);
      fillPart(view, ...(parameters as number[]));
      context.later(20 * MICROSECOND, () => done(null, view));
    },
    pbkdf2: pooled('pbkdf2'),
    scrypt: pooled('scrypt', SLOW),
    hkdf: pooled('hkdf'),
    checkPrime: pooled('checkPrime'),
    sign: signing('sign'),
    verify: signing('verify'),
    createSign,
    generateKeySync(type: 'hmac' | 'aes', { length }: { readonly length: number }) {
      const bytes = Buffer.alloc(length / 8);
      random.fill(bytes);
      return type === 'hmac' || type === 'aes'
        ? real.createSecretKey(bytes)
        : refuse('crypto.generateKeySync()', KEYS);
    },
    generateKey(type: 'hmac' | 'aes', options: { readonly length: number }, done: Done) {
      const key = own.generateKeySync(type, options);
      context.later(
        POOLED,
        context.bind(() => done(null, key)),
      );
    },
    createECDH(curve: string) {
      const exchange = real.createECDH(curve);
      const generateKeys = (encoding?: unknown, format?: unknown): unknown => {
        const size = real.createECDH(curve);
        for (;;) {
          // Of a length that fits every curve in use; one out of range is drawn anew.
          const secret = Buffer.alloc(CURVE_BYTES[curve] ?? 32);
          random.fill(secret);
          try {
            size.setPrivateKey(secret);
          } catch {
            continue;
          }
          exchange.setPrivateKey(secret);
          return exchange.getPublicKey(encoding as 'hex', format as 'compressed');
        }
      };
      return Object.assign(exchange, { generateKeys });
    },
    ...Object.fromEntries([
      unseeded('generateKeyPair', KEYS),
      unseeded('generateKeyPairSync', KEYS),
      unseeded('generatePrime', KEYS),
      unseeded('generatePrimeSync', KEYS),
      unseeded('createDiffieHellman', KEYS),
      unseeded('getDiffieHellman', KEYS),
      unseeded('createDiffieHellmanGroup', KEYS),
      unseeded(
        'publicEncrypt',
        'its padding is drawn by OpenSSL: encrypt with a shared key (createCipheriv)',
      ),
    ]),
    webcrypto,
    subtle: webcrypto.subtle,
  };
  return own;
}

const CURVE_BYTES: Readonly<Record<string, number>> = { secp384r1: 48, secp521r1: 65 };

/** Ed25519, RSA with PKCS #1 v1.5 padding and HMAC give the same signature each time; ECDSA and RSA-PSS draw random numbers. */
function refuseRandomSignature(key: unknown): void {
  const input = key as { readonly key?: unknown; readonly padding?: number } | undefined;
  const padding = input?.padding;
  let type: string | undefined;
  try {
    const parsed =
      key instanceof real.KeyObject ? key : input?.key instanceof real.KeyObject ? input.key : undefined;
    type = (parsed ?? real.createPrivateKey(key as string)).asymmetricKeyType;
  } catch {
    return;
  }
  if (
    type === 'ec' ||
    type === 'dsa' ||
    type === 'rsa-pss' ||
    padding === real.constants.RSA_PKCS1_PSS_PADDING
  )
    refuse(
      `crypto.sign() with a key of type ${type}`,
      'its random numbers come from OpenSSL: sign with Ed25519, RSA (PKCS #1 v1.5) or HMAC in tests',
    );
}
