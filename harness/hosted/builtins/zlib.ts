import * as zlib from 'node:zlib';
import { current } from '../current.ts';

/** What a compressor of `zlib` does its work with: a handle of Node's own. */
interface Handle {
  init(...parameters: unknown[]): unknown;
  write(...parameters: unknown[]): void;
  writeSync(...parameters: unknown[]): void;
}

const nextTick = process.nextTick.bind(process);
const patched = new WeakSet<object>();
const callbacks = new WeakMap<Handle, (this: Handle) => void>();

/**
 * `zlib` compresses in Node's thread pool, and would come back when the machine likes. While a program runs it compresses at once and tells
 * in the next tick.
 */
export function zlibInStep(): typeof zlib {
  const makers = [
    'createGzip',
    'createBrotliCompress',
    'createBrotliDecompress',
    'createZstdCompress',
    'createZstdDecompress',
  ];
  for (const name of makers) {
    const make = (
      zlib as unknown as { readonly [name: string]: (() => { readonly _handle: Handle }) | undefined }
    )[name];
    if (make === undefined) continue;
    const prototype = Object.getPrototypeOf(make()._handle) as Handle;
    if (!patched.has(prototype)) patch(prototype);
    patched.add(prototype);
  }
  return zlib;
}

function patch(prototype: Handle): void {
  const { init, write } = prototype;
  prototype.init = function (...parameters) {
    const callback = parameters.find((parameter) => typeof parameter === 'function');
    if (callback !== undefined) callbacks.set(this, callback as () => void);
    return init.apply(this, parameters);
  };
  prototype.write = function (...parameters) {
    if (current() === undefined) {
      write.apply(this, parameters);
      return;
    }
    this.writeSync(...parameters);
    nextTick(() => callbacks.get(this)?.call(this));
  };
}
