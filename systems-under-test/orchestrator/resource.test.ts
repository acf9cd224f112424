import { expect, it } from 'vitest';
import { PlainHost } from '../testing/plain-host.ts';
import { type ResourceReply, type ResourceRequest, startResource } from './resource.ts';

async function resource() {
  const plain = new PlainHost('r1');
  await startResource(plain.host, { flaw: () => false } as never);
  const ask = async (request: object) =>
    (await plain.ask({ service: 's', ...request } as ResourceRequest, 'a1')) as ResourceReply;
  const open = (token: number) => ask({ f: 'open', token });
  const store = (token: number, sequence: number, value: number) =>
    ask({ f: 'store', token, sequence, key: 'x', value });
  return { broken: plain.broken, ask, open, store };
}

const SUPERSEDED = { type: 'fail', error: 'superseded' };

it('serves the newest instance that it was shown, and refuses all before it', async () => {
  const { ask, open, store, broken } = await resource();
  await open(1);
  await open(2);
  expect(await open(1)).toEqual(SUPERSEDED);
  expect(await store(1, 1, 5)).toEqual(SUPERSEDED);
  expect(await ask({ f: 'read', token: 1, key: 'x' })).toEqual(SUPERSEDED);
  expect(broken).toEqual([]);
});

it('makes a change that comes again once', async () => {
  const { ask, open, store, broken } = await resource();
  await open(1);
  await store(1, 1, 5);
  await store(1, 2, 6);
  expect(await store(1, 1, 5)).toEqual({ type: 'ok', value: null });
  expect(await ask({ f: 'read', token: 1, key: 'x' })).toEqual({ type: 'ok', value: 6 });
  expect(broken).toEqual([]);
});

it('keeps what was changed, when it is opened again under the same token', async () => {
  const { open, store, broken } = await resource();
  await open(1);
  await store(1, 1, 5);
  expect(await open(1)).toMatchObject({ type: 'ok', value: { sequence: 1, values: { x: 5 } } });
  expect(await open(2)).toMatchObject({ type: 'ok', value: { sequence: 0, values: { x: 5 } } });
  expect(broken).toEqual([]);
});
