/** From this size on arrays are put where the garbage collector does not count them. */
const LARGE_BYTES = 1 << 20;

/**
 * Zeroed arrays of a known length. Large ones lie in shared memory, though nobody shares them: the collector takes every 64 MB of ordinary
 * buffers for a reason to mark the whole heap, which with a history of a million transactions in it costs more than the check.
 */
export function int32s(length: number): Int32Array {
  return length * 4 < LARGE_BYTES
    ? new Int32Array(length)
    : new Int32Array(new SharedArrayBuffer(length * 4));
}

export function uint8s(length: number): Uint8Array {
  return length < LARGE_BYTES ? new Uint8Array(length) : new Uint8Array(new SharedArrayBuffer(length));
}

/** The first `length` items, in an array of their own. */
export function copyOf(items: Int32Array, length: number): Int32Array {
  const copy = int32s(length);
  copy.set(items.subarray(0, length));
  return copy;
}
