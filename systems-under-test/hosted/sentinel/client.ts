import { Redis } from 'ioredis';

interface Request {
  readonly f: string;
  readonly key?: string | number;
  readonly value: unknown;
}

interface Setting {
  readonly hosts: { readonly redis: readonly string[] };
  readonly workload: { readonly name: string };
}

const CAS = `
if (redis.call('GET', KEYS[1]) or 'null') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1`;

class ReplyError extends Error {
  override readonly name = 'ReplyError';
}

/** A user: finds the primary through sentinels, and sends nothing twice. */
export default ({ hosts, workload }: Setting) => {
  const redis = new Redis({
    sentinels: hosts.redis.map((host) => ({ host, port: 26379 })),
    name: 'mymaster',
    commandTimeout: 500,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
  });
  redis.on('error', () => {});
  const attempt = async ({ f, key, value }: Request) => {
    const name = `${workload.name}:${key}`;
    if (f === 'read') {
      if (workload.name === 'set') return (await redis.smembers(name)).map((one): unknown => JSON.parse(one));
      return JSON.parse((await redis.get(name)) ?? 'null') as unknown;
    }
    if (f === 'add') await redis.sadd(name, JSON.stringify(value));
    else if (f === 'write') await redis.set(name, JSON.stringify(value));
    else {
      const [from, to] = value as readonly [unknown, unknown];
      if ((await redis.eval(CAS, 1, name, JSON.stringify(from), JSON.stringify(to))) === 0)
        throw new ReplyError('not equal');
    }
    return value;
  };
  return {
    invoke: async (request: Request) => {
      try {
        return { type: 'ok', value: await attempt(request) };
      } catch (error) {
        const { name, message } = error as Error;
        // What the server answered is certain. Nobody knows what became of the rest; a read has no effect.
        const isCertain = name === 'ReplyError' || request.f === 'read';
        return { type: isCertain ? 'fail' : 'info', error: message };
      }
    },
  };
};
