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
const UNANSWERED_NAMES = new Set([
  ...['AbortError', 'TimeoutError'],
  // ioredis, node-redis
  ...['MaxRetriesPerRequestError', 'SocketClosedUnexpectedlyError', 'DisconnectsClientError'],
  ...['SocketTimeoutError', 'CommandTimeoutDuringMaintenanceError'],
]);
/** node-redis refuses what it is asked while it has no connection. */
const NEVER_SENT_NAMES = new Set(['ClientOfflineError', 'ClientClosedError', 'ConnectionTimeoutError']);
/** Errors of clients that have neither code nor name: ioredis, pg. A command that ioredis held back is told in the same words as one that was sent. */
const UNANSWERED_TEXTS = new Set([
  ...['Command timed out', 'Connection is closed.', 'Socket closed unexpectedly'],
  ...['Connection terminated', 'Connection terminated unexpectedly', 'Query read timeout'],
]);
const NEVER_SENT_TEXTS = new Set([
  'timeout exceeded when trying to connect',
  "Stream isn't writeable and enableOfflineQueue options is false",
]);

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
  // node-redis's classes do not say their names.
  for (const known of [name, error.constructor.name]) {
    if (typeof known !== 'string') continue;
    if (NEVER_SENT_NAMES.has(known)) return { type: 'fail', error: known };
    if (UNANSWERED_NAMES.has(known)) return { type: 'info', error: known };
  }
  if (typeof message === 'string') {
    if (NEVER_SENT_TEXTS.has(message)) return { type: 'fail', error: message };
    if (UNANSWERED_TEXTS.has(message)) return { type: 'info', error: message };
  }
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
