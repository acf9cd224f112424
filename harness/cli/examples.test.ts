import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { folderWith } from './testing/sixways.ts';

/**
 * The examples in TypeScript of these documents are true. The `ts` blocks of a document are one program: it is compiled with the types that users
 * get, and run in a folder that has the document's named blocks as files (`edn history.edn`). Every `console.log(...); // text` must print that text.
 */
const DOCUMENTS = ['checkers', 'histories'];
const ROOT = resolve(import.meta.dirname, '../..');
const TSCONFIG = {
  compilerOptions: {
    target: 'ES2023',
    module: 'NodeNext',
    strict: true,
    noUnusedLocals: true,
    skipLibCheck: true,
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
    outDir: 'out',
  },
  files: DOCUMENTS.map((name) => `${name}.ts`),
};

const programs = new Map(
  DOCUMENTS.map((name) => {
    const text = readFileSync(join(ROOT, name, 'README.md'), 'utf8');
    const blocks = [...text.matchAll(/^```(\w+)(?: (\w+\.\w+))?\n([\s\S]*?)^```/gm)];
    const program = blocks.flatMap(([, language, , code]) => (language === 'ts' ? [code] : [])).join('\n');
    const files = blocks.flatMap(([, , file, content]) =>
      file === undefined ? [] : [[file, content!] as const],
    );
    return [name, { program, files }] as const;
  }),
);

const folder = folderWith({
  'package.json': '{"type":"module"}',
  'tsconfig.json': JSON.stringify(TSCONFIG),
  ...Object.fromEntries([...programs].map(([name, { program }]) => [`${name}.ts`, program])),
});
afterAll(folder.remove);
mkdirSync(join(folder.path, 'node_modules'));
symlinkSync(ROOT, join(folder.path, 'node_modules/sixways'), 'dir');

describe('the examples of the documents', () => {
  it('compile', async () => {
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { all } = await execa(process.execPath, [tsc], { cwd: folder.path, reject: false, all: true });
    expect(all).toBe('');
  });

  it.each(DOCUMENTS)('of %s print what they say', async (name) => {
    const { program, files } = programs.get(name)!;
    const cwd = join(folder.path, `run-${name}`);
    mkdirSync(cwd);
    for (const [file, content] of files) writeFileSync(join(cwd, file), content);
    const { stdout, stderr } = await execa(process.execPath, [join(folder.path, `out/${name}.js`)], {
      cwd,
      reject: false,
    });
    const said = [...program.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text);
    expect(said.length).toBeGreaterThan(4);
    expect({ stdout, stderr }).toEqual({ stdout: said.join('\n'), stderr: '' });
  });
});
