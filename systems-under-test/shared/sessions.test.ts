import { describe, expect, it } from 'vitest';
import { NO_SESSION, Sessions } from './sessions.ts';

function counting() {
  let calls = 0;
  return async () => ({ type: 'ok', value: ++calls });
}

const host = (incarnation: number) => ({ name: 'n1', incarnation, always: () => {} });

describe('sessions', () => {
  it('carry a request out once, and give its copies the same reply', async () => {
    const sessions = new Sessions(host(1));
    const carryOut = counting();
    const id = sessions.open();
    expect(await sessions.once(id, 1, carryOut)).toEqual({ type: 'ok', value: 1 });
    expect(await sessions.once(id, 1, carryOut)).toEqual({ type: 'ok', value: 1 });
    expect(await sessions.once(id, 2, carryOut)).toEqual({ type: 'ok', value: 2 });
  });

  it('ignore a late copy of an earlier request', async () => {
    const sessions = new Sessions(host(1));
    const carryOut = counting();
    const id = sessions.open();
    await sessions.once(id, 1, carryOut);
    await sessions.once(id, 2, carryOut);
    expect(await sessions.once(id, 1, carryOut)).toEqual({ type: 'info', error: 'superseded' });
  });

  it('refuse what belongs to another incarnation, or to none', async () => {
    const old = new Sessions(host(1)).open();
    const sessions = new Sessions(host(2));
    sessions.open();
    expect(await sessions.once(old, 1, counting())).toEqual(NO_SESSION);
    expect(await sessions.once(undefined, undefined, counting())).toEqual(NO_SESSION);
  });

  it('forget the oldest when there are too many', async () => {
    const sessions = new Sessions(host(1), 2);
    const [first, second] = [sessions.open(), sessions.open()];
    sessions.open();
    expect(await sessions.once(first, 1, counting())).toEqual(NO_SESSION);
    expect(await sessions.once(second, 1, counting())).toEqual({ type: 'ok', value: 1 });
  });
});
