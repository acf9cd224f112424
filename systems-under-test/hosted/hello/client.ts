import { attempted } from 'sixways/client';

interface Request {
  readonly f: string;
  readonly key?: string | number;
  readonly value: unknown;
}

/** A user: one request of HTTP for each operation. */
export default () => ({
  invoke: ({ f, key, value }: Request) =>
    attempted(async () => {
      const url = `http://api:3000/registers/${key}`;
      const signal = AbortSignal.timeout(500);
      if (f === 'read') {
        const response = await fetch(url, { signal });
        return { type: 'ok' as const, value: ((await response.json()) as { readonly value: unknown }).value };
      }
      const response = await fetch(url, {
        method: 'PUT',
        signal,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ value }),
      });
      return response.ok ? { type: 'ok' as const, value } : { type: 'info' as const, error: response.status };
    }),
});
