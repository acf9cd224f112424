import { type Completion, MILLISECOND, type Nanos } from '../../../harness/contract/index.ts';
import { failureOf } from '../shared/failure.ts';
import { MISMATCH, type Protocol, valueIn } from './client.ts';
import type { HttpRequest } from './configuration.ts';
import { filled, type Values } from './placeholders.ts';

const NOT_FOUND = 404;

/**
 * Operations as requests. Below 300: done. From 400 to 499, and what the file lists as refused: nothing was done; 404 to a read: no value. Anything
 * else, and no answer, leaves the fate of what writes open.
 */
export function httpProtocol(requests: { readonly [f: string]: HttpRequest }, timeout: Nanos): Protocol {
  return {
    async ask(f, values): Promise<Completion> {
      const request = requests[f]!;
      try {
        const { status, text } = await send(request, values, timeout);
        if (status < 300) return { type: 'ok', value: f === 'read' ? valueIn(text) : null };
        if (f === 'read' && status === NOT_FOUND) return { type: 'ok', value: null };
        const refused = status < 500 || request.refused.includes(status);
        const error = f === 'cas' && refused ? MISMATCH : `HTTP ${status}`;
        return { type: f === 'read' || refused ? 'fail' : 'info', error };
      } catch (error) {
        const { why, sent } = failureOf(error);
        return { type: f === 'read' || !sent ? 'fail' : 'info', error: why };
      }
    },
    close() {},
  };
}

async function send(
  { method, url, body, headers }: HttpRequest,
  values: Values,
  timeout: Nanos,
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(filled(url, values), {
    method,
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, filled(text, values)])),
    ...(body !== undefined && { body: filled(body, values) }),
    signal: AbortSignal.timeout(timeout / MILLISECOND),
    redirect: 'manual',
  });
  return { status: response.status, text: await response.text() };
}
