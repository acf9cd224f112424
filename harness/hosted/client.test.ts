import { MaxRetriesPerRequestError } from 'ioredis/built/errors/index.js';
import { ClientClosedError, ClientOfflineError, SocketClosedUnexpectedlyError } from 'redis';
import { describe, expect, it } from 'vitest';
import { attempted, failureOf } from './client.ts';

const coded = (code: string, syscall?: string): Error =>
  Object.assign(new Error(`${syscall} ${code}`), { code, syscall });

describe('what an error says about a request', () => {
  it.each([
    ['nobody listens', coded('ECONNREFUSED', 'connect')],
    ['no such name', coded('ENOTFOUND', 'getaddrinfo')],
    ['the call was not answered', coded('ETIMEDOUT', 'connect')],
    ['fetch, never connected', new TypeError('fetch failed', { cause: coded('ECONNREFUSED', 'connect') })],
    [
      'all addresses refuse',
      new AggregateError([coded('ECONNREFUSED', 'connect'), coded('ECONNREFUSED', 'connect')]),
    ],
    ['node-redis without a connection', new ClientOfflineError()],
    ['node-redis, closed', new ClientClosedError()],
    ['pg, no connection in time', new Error('timeout exceeded when trying to connect')],
  ])('certainly nothing happened: %s', (_, error) => {
    expect(failureOf(error)?.type).toBe('fail');
  });

  it.each([
    ['reset after sending', coded('ECONNRESET', 'read')],
    ['the connection timed out', coded('ETIMEDOUT', 'read')],
    ['fetch gave up', new DOMException('The operation was aborted due to timeout', 'TimeoutError')],
    ['fetch, cut off', new TypeError('fetch failed', { cause: coded('UND_ERR_SOCKET') })],
    [
      'one address took it',
      new AggregateError([coded('ECONNREFUSED', 'connect'), coded('ECONNRESET', 'read')]),
    ],
    ['ioredis, no answer', new Error('Command timed out')],
    ['ioredis, connection lost', new Error('Connection is closed.')],
    ['ioredis, tried often enough', new MaxRetriesPerRequestError(1)],
    ['node-redis, connection lost', new SocketClosedUnexpectedlyError()],
    ['pg, connection lost', new Error('Connection terminated unexpectedly')],
  ])('nobody knows: %s', (_, error) => {
    expect(failureOf(error)?.type).toBe('info');
  });

  it('leaves mistakes of the client alone', async () => {
    expect(failureOf(new TypeError('x is undefined'))).toBeUndefined();
    await expect(attempted(() => Promise.reject(new RangeError('mine')))).rejects.toThrow('mine');
    expect(await attempted(() => Promise.reject(coded('ECONNRESET', 'read')))).toEqual({
      type: 'info',
      error: 'ECONNRESET',
    });
  });
});
