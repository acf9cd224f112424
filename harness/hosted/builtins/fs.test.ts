import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { script } from '../testing/fs-script.ts';
import { hostedOn } from '../testing/on-host.ts';

describe('fs', () => {
  it('gives the same results and errors as that of Node', async () => {
    const real: string[] = [];
    const folder = fs.mkdtempSync(`${tmpdir()}/sixways-fs-`);
    try {
      await script({ fs, folder, say: (text) => real.push(text) });
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
    const said: string[] = [];
    const { world, uncaught } = hostedOn([
      (context) => {
        const own = context.require('fs') as typeof fs;
        own.mkdirSync('/data/run', { recursive: true });
        void script({ fs: own, folder: '/data/run', say: (text) => said.push(text) });
      },
    ]);
    await world.run();
    expect(uncaught).toEqual([]);
    expect(said).toEqual(real);
  });
});
