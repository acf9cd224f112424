import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { SECOND } from '../contract/index.ts';
import { Output } from './output.ts';

it('finds a line that was printed before it was asked for, and one that is yet to come', async () => {
  const stream = new PassThrough();
  const output = new Output('n1: server', [stream]);
  stream.write('starting\n');
  const later = output.line(/ready/, 10 * SECOND);
  stream.write('ready to serve\n');
  expect(await later).toBe('ready to serve');
  expect(await output.line(/^start/, SECOND)).toBe('starting');
});

it('says what was expected and the last words of a process that ends', async () => {
  const stream = new PassThrough();
  const output = new Output('n1: server', [stream]);
  stream.write('cannot bind\n');
  await output.line(/bind/, SECOND);
  const waiting = output.line(/ready/, 10 * SECOND);
  output.end('it ended (1)');
  await expect(waiting).rejects.toThrow(
    'n1: server: expected a line like /ready/, but it ended (1)\n  cannot bind',
  );
});
