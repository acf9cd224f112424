import type { Redis } from 'ioredis';
import { type Completion, type Json, MILLISECOND, type Nanos } from '../../../harness/contract/index.ts';
import { MISMATCH, type Protocol, valueIn } from './client.ts';
import { filled } from './placeholders.ts';

/**
 * Operations as commands of Redis's protocol, which many servers speak. An error that the server answers, and a connection that was not made, mean that nothing was
 * done; a cas has succeeded if the answer is 1 or OK. No answer leaves the fate of what writes open.
 */
export function respProtocol(
  commands: { readonly [f: string]: readonly string[] },
  address: string,
  port: number,
  timeout: Nanos,
): Protocol {
  let connection: Redis | undefined;
  return {
    async ask(f, values): Promise<Completion> {
      try {
        connection ??= await connected(address, port, timeout / MILLISECOND);
      } catch (error) {
        return { type: 'fail', error: `not connected: ${(error as Error).message}` };
      }
      const [command, ...rest] = commands[f]!.map((word) => filled(word, values));
      try {
        const answer = await connection.call(command!, ...rest);
        if (f === 'cas' && answer !== 1 && answer !== 'OK') return { type: 'fail', error: MISMATCH };
        return { type: 'ok', value: f === 'read' ? inAnswer(answer) : null };
      } catch (error) {
        const { name, message } = error as Error;
        return { type: f === 'read' || name === 'ReplyError' ? 'fail' : 'info', error: message };
      }
    },
    close: () => connection?.disconnect(),
  };
}

function inAnswer(answer: unknown): Json {
  if (Array.isArray(answer)) return answer.map((item) => valueIn(String(item)));
  return answer === null ? null : valueIn(String(answer));
}

async function connected(host: string, port: number, milliseconds: number): Promise<Redis> {
  // Loaded by clients alone: the registry of systems is loaded by every command.
  const ioredis = await import('ioredis');
  const redis = new ioredis.Redis({
    host,
    port,
    lazyConnect: true,
    // One attempt, nothing kept for later, nothing sent again.
    retryStrategy: () => null,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectTimeout: milliseconds,
    commandTimeout: milliseconds,
  });
  // Told by the promises already.
  redis.on('error', () => {});
  await redis.connect();
  return redis;
}
