/** `register.ts` of a user: a register on one server, of which parts can be exchanged. Written against the package alone. */
export const REGISTER = `
import { MILLISECOND, SECOND, type Client, type Host, type Json, type System } from 'sixways';

export function serve(host: Host, keeps: (written: number) => boolean = () => true): void {
  const values = new Map<string, Json>();
  let written = 0;
  host.network.onRequest((message) => {
    const { f, key, value } = message as { f: string; key: string; value: Json };
    const present = values.get(key) ?? null;
    if (f === 'read') return { type: 'ok', value: present };
    if (f === 'write') {
      if (keeps(++written)) values.set(key, value);
      return { type: 'ok', value };
    }
    const [expected, next] = value as [Json, Json];
    if (present !== expected) return { type: 'fail', error: 'mismatch' };
    values.set(key, next);
    return { type: 'ok', value };
  });
}

export function register(other: Partial<System>): System {
  return {
    name: 'mine',
    summary: 'a register on one server',
    options: { type: 'object', additionalProperties: false, properties: {} },
    roles: () => ({ server: 1 }),
    start: (host) => serve(host),
    client: (host, { hosts }): Client => ({
      async invoke(request) {
        const reply = await host.network.request(hosts.server![0]!, { ...request }, { timeout: 500 * MILLISECOND });
        return reply as Awaited<ReturnType<Client['invoke']>>;
      },
    }),
    claims: () => ({ consistency: 'linearizable', durability: false, recoveryWithin: 10 * SECOND }),
    tolerance: () => [{ fault: 'packet-delay', atOnce: 'all' }],
    flaws: [],
    operations: ['read', 'write', 'cas'],
    workload: () => ({ name: 'register', options: { keys: 2 } }),
    checkers: () => [{ name: 'linearizable' }],
    ...other,
  };
}
`;

/** A module that exports the register with this `start`, after these lines. */
export function systemWith(start: string, before = ''): string {
  return `import { register, serve } from './register.ts';\n${before}\nexport default register({ ${start} });\n`;
}
