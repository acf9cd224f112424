/**
 * For the client of a hosted system: what an error says about a request. Pure; it runs inside the simulated world.
 *
 * `fail` means that the request certainly had no effect: it was never sent. `info` means that nobody knows: it was sent, and no answer came. An
 * error that is neither (a mistake in the client's own code, say) is undefined.
 */

export interface Failed {
  readonly type: 'fail' | 'info';
  /** The error's code, or its name. */
  readonly error: string;
}

/** No connection was made: nothing was sent. */
const NEVER_SENT = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EADDRNOTAVAIL', 'UND_ERR_CONNECT_TIMEOUT'],
  ...['CONNECTION_REFUSED', 'ERR_INVALID_URL'],
]);
/** No connection was made if it was being made; otherwise nobody knows. */
const OF_CONNECTING = new Set(['ETIMEDOUT', 'EHOSTUNREACH']);
/** The connection was there, and the answer did not come. */
const UNANSWERED = new Set([
  ...[
    'ECONNRESET',
    'EPIPE',
    'ECONNABORTED',
    'ESOCKETTIMEDOUT',
    'ETIMEDOUT',
    'EHOSTUNREACH',
    'ERR_STREAM_PREMATURE_CLOSE',
  ],
  ...[
    'UND_ERR_SOCKET',
    'UND_ERR_HEADERS_TIMEOUT',
    'UND_ERR_BODY_TIMEOUT',
    'UND_ERR_ABORTED',
    'UND_ERR_CLOSED',
  ],
  ...[
    'UND_ERR_DESTROYED',
    'ABORT_ERR',
    'ERR_CANCELED',
    'ERR_SOCKET_CLOSED',
    'ERR_STREAM_DESTROYED',
    'HPE_INVALID_EOF_STATE',
  ],
]);
const UNANSWERED_NAMES = new Set(['AbortError', 'TimeoutError']);

interface AnyError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** What an error of `fetch`, `http`, `net` or a package built on them says about the request; undefined for one of another kind. */
export function failureOf(error: unknown): Failed | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, name, syscall, message, cause, errors } = error as AnyError;
  if (typeof code === 'string') {
    if (NEVER_SENT.has(code)) return { type: 'fail', error: code };
    if (OF_CONNECTING.has(code) && (syscall === 'connect' || String(message).startsWith('connect ')))
      return { type: 'fail', error: code };
    if (UNANSWERED.has(code)) return { type: 'info', error: code };
  }
  // Several addresses were tried: sent if to any of them.
  if (Array.isArray(errors) && errors.length > 0) {
    const all = errors.map(failureOf);
    const known = all.find((each) => each?.type === 'info') ?? all[0];
    if (known !== undefined) return known;
  }
  if (cause !== undefined) {
    const deeper = failureOf(cause);
    if (deeper !== undefined) return deeper;
  }
  if (typeof name === 'string' && UNANSWERED_NAMES.has(name)) return { type: 'info', error: name };
  return undefined;
}

/**
 * Runs the request; an error of the network becomes what it means.
 * @throws what is no error of the network.
 */
export async function attempted<T>(request: () => Promise<T>): Promise<T | Failed> {
  try {
    return await request();
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    return failure;
  }
}
