// The payment provider, over HTTP. With FENCING=on it is told the lock's token, so that it can refuse who holds the lock no more.
const BASE = process.env.PAYMENTS_URL ?? 'http://localhost:4000';
const FENCING = process.env.FENCING === 'on';
/** Milliseconds. Two calls, and the lock's own, end before the lease does. */
const PATIENCE = 400;

async function call(path, options) {
  const response = await fetch(`${BASE}${path}`, { signal: AbortSignal.timeout(PATIENCE), ...options });
  if (response.status === 404) return undefined;
  const body = await response.json();
  if (!response.ok) throw Object.assign(new Error(`payments: ${body.error}`), { status: 503 });
  return body;
}

const headers = (token) => ({
  'content-type': 'application/json',
  ...(FENCING && { 'x-fencing-token': String(token) }),
});

/** The charge of this order, if there is one. */
export function find(order, token) {
  return call(`/charges/${order}`, { headers: headers(token) });
}

export function charge(charge, token) {
  return call('/charges', { method: 'POST', headers: headers(token), body: JSON.stringify(charge) });
}
