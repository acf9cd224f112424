import * as real from 'node:crypto';
import { MICROSECOND } from '../../contract/index.ts';
import { refuse } from '../current.ts';
import type { BuiltinContext } from './context.ts';
import type { RandomBytes } from './crypto.ts';
import { cryptoSync } from './crypto-sync.ts';

/** Web Crypto does its work in the thread pool: its results come as events after about this. */
const POOLED = 200 * MICROSECOND;

interface Algorithm {
  readonly name: string;
  readonly hash?: string | { readonly name: string };
  readonly iv?: Uint8Array;
  readonly counter?: Uint8Array;
  readonly additionalData?: Uint8Array;
  readonly tagLength?: number;
  readonly salt?: Uint8Array;
  readonly info?: Uint8Array;
  readonly iterations?: number;
  readonly length?: number;
}
type Named = string | Algorithm;

/** A key of Web Crypto: its secret is known to this module alone. */
class CryptoKey {
  readonly type: 'secret' | 'public' | 'private';
  readonly algorithm: Algorithm;
  readonly extractable: boolean;
  readonly usages: readonly string[];
  readonly #material: real.KeyObject;
  constructor(
    material: real.KeyObject,
    algorithm: Algorithm,
    extractable: boolean,
    usages: readonly string[],
  ) {
    this.type = material.type;
    this.algorithm = algorithm;
    this.extractable = extractable;
    this.usages = usages;
    this.#material = material;
  }
  static materialOf(key: CryptoKey): real.KeyObject {
    return key.#material;
  }
}

const bytesOf = (data: ArrayBuffer | ArrayBufferView): Buffer =>
  ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
const asArrayBuffer = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;
const named = (algorithm: Named): Algorithm =>
  typeof algorithm === 'string'
    ? { name: algorithm.toUpperCase() }
    : { ...algorithm, name: algorithm.name.toUpperCase() };
const hashOf = ({ hash }: Algorithm): string =>
  nameOfHash(typeof hash === 'string' ? hash : (hash?.name ?? 'SHA-256'));
const nameOfHash = (name: string): string => name.toLowerCase().replace('sha-', 'sha');

/**
 * `crypto.subtle` by Node's synchronous functions: digests, HMAC, AES (GCM, CBC, CTR), PBKDF2, HKDF, and checking signatures of RSA and Ed25519. The rest is
 * refused by name.
 */
export function subtle(context: BuiltinContext, random: RandomBytes): object {
  /** The result is computed at once and told in an event of its own. */
  const later = <T>(work: () => T): Promise<T> =>
    new context.Promise((resolve, reject) => {
      let settle: () => void;
      try {
        const value = work();
        settle = () => resolve(value);
      } catch (error) {
        settle = () => reject(error);
      }
      context.later(POOLED, settle);
    });
  const unsupported = (call: string, { name }: Algorithm): never =>
    refuse(`crypto.subtle.${call}() with ${name}`, 'use the functions of node:crypto, or another algorithm');

  const hmac = (algorithm: Algorithm, key: CryptoKey, data: Uint8Array): Buffer =>
    real
      .createHmac(
        hashOf({ ...key.algorithm, ...(algorithm.hash !== undefined && { hash: algorithm.hash }) }),
        CryptoKey.materialOf(key),
      )
      .update(data)
      .digest();

  const derive = (algorithm: Algorithm, key: CryptoKey, bits: number): Buffer => {
    const secret = CryptoKey.materialOf(key).export();
    const salt = algorithm.salt ?? new Uint8Array();
    if (algorithm.name === 'PBKDF2')
      return cryptoSync.pbkdf2Sync(secret, salt, algorithm.iterations ?? 1, bits / 8, hashOf(algorithm));
    if (algorithm.name === 'HKDF')
      return Buffer.from(
        cryptoSync.hkdfSync(hashOf(algorithm), secret, salt, algorithm.info ?? new Uint8Array(), bits / 8),
      );
    return unsupported('deriveBits', algorithm);
  };

  const cipherName = (algorithm: Algorithm, key: CryptoKey): string => {
    const bits = (CryptoKey.materialOf(key).symmetricKeySize ?? 0) * 8;
    if (!/^AES-(GCM|CBC|CTR)$/.test(algorithm.name)) unsupported('encrypt', algorithm);
    return `aes-${bits}-${algorithm.name.slice(4).toLowerCase()}`;
  };

  const methods = {
    digest: (algorithm: Named, data: ArrayBuffer | ArrayBufferView) =>
      later(() =>
        asArrayBuffer(
          real
            .createHash(nameOfHash(named(algorithm).name))
            .update(bytesOf(data))
            .digest(),
        ),
      ),
    importKey: (format: string, data: unknown, algorithm: Named, extractable: boolean, usages: string[]) =>
      later(() => {
        const wanted = named(algorithm);
        if (format === 'raw')
          return new CryptoKey(
            real.createSecretKey(bytesOf(data as ArrayBuffer)),
            wanted,
            extractable,
            usages,
          );
        if (format === 'jwk' && (data as { kty?: string }).kty === 'oct') {
          const secret = Buffer.from((data as { k: string }).k, 'base64url');
          return new CryptoKey(real.createSecretKey(secret), wanted, extractable, usages);
        }
        const input =
          format === 'jwk'
            ? ({ key: data, format: 'jwk' } as real.JsonWebKeyInput)
            : { key: bytesOf(data as ArrayBuffer), format: 'der' as const, type: format as 'spki' };
        const secret = format === 'pkcs8' || (format === 'jwk' && 'd' in (data as object));
        const material = secret
          ? real.createPrivateKey(input as never)
          : real.createPublicKey(input as never);
        return new CryptoKey(material, wanted, extractable, usages);
      }),
    exportKey: (format: string, key: CryptoKey) =>
      later(() => {
        const material = CryptoKey.materialOf(key);
        if (format === 'jwk') return material.export({ format: 'jwk' });
        if (format === 'raw') return asArrayBuffer(material.export());
        return asArrayBuffer(material.export({ format: 'der', type: format as 'spki' }));
      }),
    generateKey: (algorithm: Named, extractable: boolean, usages: string[]) =>
      later(() => {
        const wanted = named(algorithm);
        if (wanted.name !== 'HMAC' && !wanted.name.startsWith('AES-')) unsupported('generateKey', wanted);
        const secret = Buffer.alloc((wanted.length ?? 512) / 8);
        random.fill(secret);
        return new CryptoKey(real.createSecretKey(secret), wanted, extractable, usages);
      }),
    sign: (algorithm: Named, key: CryptoKey, data: ArrayBuffer) =>
      later(() => {
        const wanted = named(algorithm);
        if (wanted.name === 'HMAC') return asArrayBuffer(hmac(wanted, key, bytesOf(data)));
        if (wanted.name === 'ED25519')
          return asArrayBuffer(cryptoSync.sign(null, bytesOf(data), CryptoKey.materialOf(key)));
        if (wanted.name === 'RSASSA-PKCS1-V1_5')
          return asArrayBuffer(
            cryptoSync.sign(hashOf(key.algorithm), bytesOf(data), CryptoKey.materialOf(key)),
          );
        return unsupported('sign', wanted);
      }),
    verify: (algorithm: Named, key: CryptoKey, signature: ArrayBuffer, data: ArrayBuffer) =>
      later(() => {
        const wanted = named(algorithm);
        const given = bytesOf(signature);
        const material = CryptoKey.materialOf(key);
        if (wanted.name === 'HMAC') {
          const expected = hmac(wanted, key, bytesOf(data));
          return expected.length === given.length && real.timingSafeEqual(expected, given);
        }
        if (wanted.name === 'ED25519') return cryptoSync.verify(null, bytesOf(data), material, given);
        if (wanted.name === 'ECDSA')
          return cryptoSync.verify(
            hashOf(wanted),
            bytesOf(data),
            { key: material, dsaEncoding: 'ieee-p1363' },
            given,
          );
        if (wanted.name === 'RSASSA-PKCS1-V1_5')
          return cryptoSync.verify(hashOf(key.algorithm), bytesOf(data), material, given);
        return unsupported('verify', wanted);
      }),
    encrypt: (algorithm: Named, key: CryptoKey, data: ArrayBuffer) =>
      later(() => {
        const wanted = named(algorithm);
        const iv = wanted.iv ?? wanted.counter ?? new Uint8Array();
        const cipher = real.createCipheriv(
          cipherName(wanted, key) as 'aes-256-gcm',
          CryptoKey.materialOf(key),
          iv,
        );
        if (wanted.additionalData !== undefined) cipher.setAAD(bytesOf(wanted.additionalData));
        const parts = [cipher.update(bytesOf(data)), cipher.final()];
        if (wanted.name === 'AES-GCM') parts.push(cipher.getAuthTag());
        return asArrayBuffer(Buffer.concat(parts));
      }),
    decrypt: (algorithm: Named, key: CryptoKey, data: ArrayBuffer) =>
      later(() => {
        const wanted = named(algorithm);
        const iv = wanted.iv ?? wanted.counter ?? new Uint8Array();
        const decipher = real.createDecipheriv(
          cipherName(wanted, key) as 'aes-256-gcm',
          CryptoKey.materialOf(key),
          iv,
        );
        if (wanted.additionalData !== undefined) decipher.setAAD(bytesOf(wanted.additionalData));
        let input = bytesOf(data);
        if (wanted.name === 'AES-GCM') {
          const tag = (wanted.tagLength ?? 128) / 8;
          decipher.setAuthTag(input.subarray(input.length - tag));
          input = input.subarray(0, input.length - tag);
        }
        return asArrayBuffer(Buffer.concat([decipher.update(input), decipher.final()]));
      }),
    deriveBits: (algorithm: Named, key: CryptoKey, bits: number) =>
      later(() => asArrayBuffer(derive(named(algorithm), key, bits))),
    deriveKey: (
      algorithm: Named,
      key: CryptoKey,
      wanted: Algorithm,
      extractable: boolean,
      usages: string[],
    ) =>
      later(() => {
        const secret = derive(named(algorithm), key, wanted.length ?? 256);
        return new CryptoKey(real.createSecretKey(secret), named(wanted), extractable, usages);
      }),
    wrapKey: () => unsupported('wrapKey', { name: 'any algorithm' }),
    unwrapKey: () => unsupported('unwrapKey', { name: 'any algorithm' }),
  };
  return methods;
}
