/** No connection was made, so nothing was sent. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'EADDRNOTAVAIL',
]);

/** What an error of `fetch` or of a socket means. `sent`: the request may have arrived, and been carried out. */
export function failureOf(error: unknown): { readonly why: string; readonly sent: boolean } {
  const { message, name, code, cause } = error as Error & {
    code?: string;
    cause?: { code?: string; message?: string };
  };
  const why =
    cause?.code ?? code ?? (name === 'TimeoutError' ? 'timeout' : (cause?.message ?? message ?? 'unknown'));
  return { why: String(why), sent: !NOT_SENT.has(String(why)) };
}
