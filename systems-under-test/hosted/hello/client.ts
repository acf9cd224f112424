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
      const send = async (method: string, path: string, body?: object) =>
        fetch(`http://api:3000/registers/${key}${path}`, {
          method,
          signal: AbortSignal.timeout(500),
          ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
        });
      if (f === 'read') {
        const response = await send('GET', '');
        return { type: 'ok' as const, value: ((await response.json()) as { readonly value: unknown }).value };
      }
      const [from, to] = f === 'cas' ? (value as readonly [unknown, unknown]) : [];
      const { status } =
        f === 'cas' ? await send('POST', '/swap', { from, to }) : await send('PUT', '', { value });
      if (status === 204) return { type: 'ok' as const, value };
      return { type: status === 409 ? ('fail' as const) : ('info' as const), error: status };
    }),
});
