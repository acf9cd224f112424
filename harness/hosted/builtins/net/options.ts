import type { Duplex } from 'node:stream';
import type { BuiltinContext } from '../context.ts';
import { nodeError } from '../errors.ts';
import { invalidType } from './arguments.ts';
import { CONTEXT } from './connected.ts';

/** @throws TypeError for what no socket, or no simulated one, can be made of. */
export function checkOptions(options: { readonly [option: string]: unknown } | undefined): void {
  if (options?.objectMode || options?.readableObjectMode || options?.writableObjectMode) {
    const name = ['objectMode', 'readableObjectMode', 'writableObjectMode'].find((option) => options[option]);
    throw nodeError(
      'ERR_INVALID_ARG_VALUE',
      `The property 'options.${name}' is not supported. Received true`,
      TypeError,
    );
  }
  if (options?.fd !== undefined || options?.handle !== undefined) refuseHandles();
  if (options?.onread !== undefined) {
    throw nodeError('ERR_INVALID_ARG_VALUE', 'net.Socket: the option onread is not simulated', TypeError);
  }
}

function refuseHandles(): never {
  throw nodeError('ERR_INVALID_FD_TYPE', 'net.Socket: descriptors and handles are not simulated', TypeError);
}

/** @throws TypeError, RangeError for what `setTimeout` of a socket does not take. */
export function checkTimeout(delay: unknown, callback: unknown): void {
  if (typeof delay !== 'number') throw invalidType('msecs', 'of type number', delay);
  if (!(delay >= 0 && Number.isFinite(delay))) {
    throw nodeError(
      'ERR_OUT_OF_RANGE',
      `The value of "msecs" is out of range. It must be a non-negative finite number. Received ${delay}`,
      RangeError,
    );
  }
  if (callback !== undefined && typeof callback !== 'function')
    throw invalidType('callback', 'of type function', callback);
}

/** Destroys the socket when the signal says so. */
export function abortBy(socket: Duplex & { readonly [CONTEXT]: BuiltinContext }, signal: AbortSignal): void {
  const abort = (): void => {
    const error = Object.assign(new Error('The operation was aborted', { cause: signal.reason }), {
      code: 'ABORT_ERR',
    });
    error.name = 'AbortError';
    socket.destroy(error);
  };
  if (signal.aborted) {
    socket[CONTEXT].tick(abort);
    return;
  }
  signal.addEventListener('abort', abort);
  socket.once('close', () => signal.removeEventListener('abort', abort));
}
