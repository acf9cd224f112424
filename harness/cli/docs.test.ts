import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';

/**
 * Documents are true: each `$ sixways ...` line in a `console` block of these files is run, in order and in one folder for each file, and what it
 * prints must be what the document shows. `UPDATE_DOCS=1` writes what is printed into the documents instead. A block `js FILE` among them is that file; a block `diff FILE`
 * changes it: each line with - becomes the lines with + that follow it.
 */
const DOCUMENTS = ['README.md', 'systems-under-test/GUIDE.md', 'systems-under-test/hosted/GUIDE.md'];
const ROOT = resolve(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'dist/harness/cli/main.js');
const UPDATE = process.env.UPDATE_DOCS === '1';

interface Example {
  readonly command: string;
  readonly shown: string;
}

/** What differs between machines: real time. */
function settled(text: string): string {
  return text
    .replace(/ in \d+ ms/g, ' in 100 ms')
    .replace(/ in [\d.]+ s \([\d.]+ runs\/s\)/g, ' in 1.0 s (1.0 runs/s)')
    .trimEnd();
}

function examplesOf(block: string): Example[] {
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = '', ...shown] = part.split('\n');
      return { command, shown: shown.join('\n').trimEnd() };
    });
}

/** Splits a command line as a shell does, as far as our examples need it. */
function words(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

function change(file: string, diff: string): void {
  const lines = diff.trimEnd().split('\n');
  let text = readFileSync(file, 'utf8');
  for (const [nth, line] of lines.entries()) {
    if (!line.startsWith('-')) continue;
    const after = lines.slice(
      nth + 1,
      lines.findIndex((other, at) => at > nth && !other.startsWith('+')) >>> 0,
    );
    const before = `${line.slice(1)}\n`;
    expect(text).toContain(before);
    text = text.replace(before, after.map((added) => `${added.slice(1)}\n`).join(''));
  }
  writeFileSync(file, text);
}

for (const document of DOCUMENTS) {
  describe(document, () => {
    const path = join(ROOT, document);
    const text = readFileSync(path, 'utf8');
    const folder = mkdtempSync(join(tmpdir(), 'sixways-docs-'));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    const blocks = [...text.matchAll(/```(?:console|diff (\S+)|js (\S+))\n([\s\S]*?)```/g)];
    it('shows what its commands print', async () => {
      // Of what is printed, put together from the end of the last block that was run.
      let updated = '';
      let copied = 0;
      for (const match of blocks) {
        const [all, changed, written, block = ''] = match;
        if (written !== undefined) {
          mkdirSync(dirname(join(folder, written)), { recursive: true });
          writeFileSync(join(folder, written), block);
          continue;
        }
        if (changed !== undefined) {
          change(join(folder, changed), block);
          continue;
        }
        let rewritten = '';
        for (const { command, shown } of examplesOf(block)) {
          const [program, ...args] = words(command);
          expect(program).toBe('sixways');
          const { stdout } = await execa(process.execPath, [MAIN, ...args], {
            cwd: folder,
            reject: false,
            env: { NO_COLOR: '1', FORCE_COLOR: '0', GITHUB_ACTIONS: '' },
          });
          rewritten += `$ ${command}\n${settled(stdout)}\n`;
          if (!UPDATE) expect(settled(stdout)).toBe(shown);
        }
        const at = match.index + all.indexOf(block);
        updated += text.slice(copied, at) + rewritten;
        copied = at + block.length;
      }
      updated += text.slice(copied);
      if (UPDATE && updated !== text) writeFileSync(path, updated);
    }, 300_000);
  });
}
