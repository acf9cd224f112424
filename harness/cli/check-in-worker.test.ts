import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type * as Library from '../../checkers/index.ts';
import type { History, Operation } from '../../histories/index.ts';
import { folderWith } from './testing/sixways.ts';

// As users have it: compiled, since threads run no TypeScript.
const compiled = new URL('../../dist/checkers/index.js', import.meta.url).href;
const { checkInWorker }: typeof Library = await import(compiled);

const stale = [
  '{:process 0, :type :invoke, :f :write, :value 1} {:process 0, :type :ok, :f :write, :value 1}',
  '{:process 1, :type :invoke, :f :read, :value nil} {:process 1, :type :ok, :f :read, :value 0}',
].join('\n');
const folder = folderWith({ 'stale.edn': stale, 'torn.edn': '{:process 0 :type :invoke] ' });
afterAll(folder.remove);
const file = (name: string): string => `${folder.path}/${name}`;

/** Open cas from each value to each other one: the search has ever more states. */
function hard(width: number): History {
  const operation = (index: number, type: 'invoke' | 'ok'): Operation => {
    const n = index % width;
    const value = n % 2 === 0 ? [0, n + 1] : [n, 0];
    return { index, time: index, process: index % width, type, f: 'cas', value };
  };
  const events = Array.from({ length: 2 * width }, (_, index) =>
    operation(index, index < width ? 'invoke' : 'ok'),
  );
  return { header: { sixways: 1, world: 'imported' }, events };
}

describe('checkInWorker', () => {
  it('judges a file', async () => {
    const verdict = await checkInWorker(file('stale.edn'), 'linearizable', { model: 'register', initial: 0 });
    expect(verdict).toMatchObject({ checker: 'linearizable', validity: 'invalid' });
  });

  it('throws what the library throws, with its code', async () => {
    await expect(checkInWorker(file('torn.edn'), 'linearizable')).rejects.toMatchObject({
      name: 'HistoryError',
      code: 'not-edn',
      message: expect.stringMatching(/torn\.edn:1:\d+: expected /),
    });
    await expect(checkInWorker(file('stale.edn'), 'lineariseable')).rejects.toMatchObject({
      code: 'unknown-checker',
    });
    await expect(checkInWorker(file('stale.edn'), 'linearizable', { model: 1 })).rejects.toMatchObject({
      code: 'bad-options',
    });
  });

  it('asks for an end when time is over, and tells progress', async () => {
    const told: number[] = [];
    const began = performance.now();
    const verdict = await checkInWorker(
      hard(60),
      'linearizable',
      { initial: 0 },
      {
        seconds: 2,
        onProgress: (done) => told.push(done),
      },
    );
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(verdict.validity).toBe('unknown');
    expect(verdict.reason).toMatch(/^the bound of 2 s was reached/);
    expect(told.every((done) => done >= 0)).toBe(true);
  });

  it('ends a thread that fills the memory', async () => {
    const line =
      '{:process 0, :type :invoke, :f :write, :value "a text"} {:process 0, :type :ok, :f :write, :value 1}\n';
    writeFileSync(file('large.edn'), line.repeat(400_000));
    expect(await checkInWorker(file('large.edn'), 'stats', {}, { memoryMegabytes: 1 })).toMatchObject({
      validity: 'unknown',
      reason: 'the bound of 1 MB was reached, and the check was ended',
    });
  });

  it('ends at the signal of the caller', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('enough')), 300);
    await expect(
      checkInWorker(hard(60), 'linearizable', { initial: 0 }, { signal: stop.signal }),
    ).rejects.toThrow('enough');
  });
});
