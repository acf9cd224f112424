import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBytes, toBytes } from '../protocol/bytes.ts';
import { encodeCommand } from '../protocol/encode.ts';
import { snapshot } from '../replication/snapshot.ts';
import { FAMILIES } from '../testing/random-commands.ts';
import { clientOf, VirtualWorld } from '../testing/virtual-world.ts';
import { AppendOnlyFile, type LogStorage } from './append-only-file.ts';

/** A file in memory, and how often it was synced. */
function memoryStorage(text = '') {
  const state = { text, syncs: 0, isFull: false };
  const storage: LogStorage = {
    read: () => toBytes(state.text),
    append: (bytes) => {
      if (state.isFull) throw new Error('No space left on device');
      state.text += fromBytes(bytes);
    },
    truncate: (length) => {
      state.text = state.text.slice(0, length);
    },
    replace: (bytes) => {
      state.text = fromBytes(bytes);
    },
    sync: () => void state.syncs++,
    syncLater: async () => void state.syncs++,
  };
  return { state, storage };
}

function serverWith(storage: LogStorage, appendfsync = 'everysec') {
  const world = new VirtualWorld();
  const server = world.server('s', { settings: { appendonly: 'yes', appendfsync } });
  const log = new AppendOnlyFile(server.engine, storage);
  log.load();
  server.engine.log = log;
  return { world, server, log, call: clientOf(server) };
}

describe('the append-only file', () => {
  it('builds the state anew, after any commands', () => {
    fc.assert(
      fc.property(
        fc
          .constantFrom(...Object.values(FAMILIES))
          .chain(({ commands }) => fc.array(commands, { minLength: 10, maxLength: 60 })),
        fc.boolean(),
        (commands, rewrites) => {
          const { state, storage } = memoryStorage();
          const { server, call } = serverWith(storage);
          for (const words of commands) call(...words);
          if (rewrites) call('BGREWRITEAOF');
          call('SADD', 'last', 'a', 'b', 'c');
          call('SPOP', 'last');
          expect(snapshot(serverWith(memoryStorage(state.text).storage).server.engine)).toBe(
            snapshot(server.engine),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is cut at a command or transaction that breaks off', () => {
    const whole = encodeCommand(['SET', 'a', '1']);
    const transaction = ['MULTI', 'SET b 2', 'EXEC'].map((line) => encodeCommand(line.split(' '))).join('');
    for (const torn of [encodeCommand(['SET', 'a', '2']), transaction]) {
      const { state, storage } = memoryStorage(whole + torn.slice(0, -3));
      const { call } = serverWith(storage);
      expect(call('MGET', 'a', 'b')).toBe('*2\r\n$1\r\n1\r\n$-1\r\n');
      expect(state.text).toBe(whole);
    }
  });

  it('that is damaged in the middle lets the server refuse to start', () => {
    const { storage } = memoryStorage(
      `${encodeCommand(['SET', 'a', '1'])}*1\r\n\0\0\0\0${encodeCommand(['SET', 'b', '1'])}`,
    );
    expect(() => serverWith(storage)).toThrow('Protocol error');
  });

  it('is synced as the setting says', async () => {
    for (const [policy, atOnce, later] of [
      ['always', 2, 2],
      ['everysec', 0, 1],
      ['no', 0, 0],
    ] as const) {
      const { state, storage } = memoryStorage();
      const { call, log } = serverWith(storage, policy);
      call('SET', 'a', '1');
      call('SET', 'a', '2');
      expect(state.syncs).toBe(atOnce);
      await log.everySecond();
      await log.everySecond();
      expect(state.syncs).toBe(later);
    }
  });

  it('on a full disk lets writes be refused until there is room', async () => {
    const { state, storage } = memoryStorage();
    const { call, log } = serverWith(storage);
    state.isFull = true;
    call('SET', 'a', '1');
    expect(call('SET', 'a', '2')).toContain(
      '-MISCONF Errors writing to the AOF file: No space left on device',
    );
    expect(call('GET', 'a')).toBe('$1\r\n1\r\n');
    state.isFull = false;
    await log.everySecond();
    expect(call('SET', 'a', '3')).toBe('+OK\r\n');
    expect(serverWith(memoryStorage(state.text).storage).call('GET', 'a')).toBe('$1\r\n3\r\n');
  });
});
