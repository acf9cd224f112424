import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../systems-under-test/hosted/resp/commands/index.ts';
import { startRedis } from '../../systems-under-test/hosted/resp/host/redis.ts';
import { RespServer } from '../../systems-under-test/hosted/resp/server.ts';
import { listen } from '../../systems-under-test/hosted/resp/testing/listening.ts';
import { realEnvironment } from '../../systems-under-test/hosted/resp/testing/real-environment.ts';
import { COMPATIBLE, type Compatible } from './testing/compatibility.ts';
import { inFolder, runPrograms } from './testing/programs.ts';

const execute = promisify(execFile);
const README = new URL('./README.md', import.meta.url);
const DECORATED = { experimentalDecorators: true, emitDecoratorMetadata: true };

/** Lines that each script printed. */
const lines = new Map<Compatible, number>();

async function underNode({ script, typescript, redis }: Compatible): Promise<string[]> {
  const code = typescript
    ? ts.transpileModule(script, {
        compilerOptions: { ...DECORATED, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 },
      }).outputText
    : script;
  const server = redis ? await listen(new RespServer(realEnvironment(), COMMANDS)) : undefined;
  try {
    const { stdout } = await inFolder({ 'script.mjs': code }, (folder) =>
      execute(process.execPath, [`${folder}/script.mjs`], {
        env: {
          ...process.env,
          ...{ TZ: 'UTC', NO_COLOR: '1', REDIS_HOST: '127.0.0.1', REDIS_PORT: String(server?.port) },
        },
      }),
    );
    return stdout.trimEnd().split('\n');
  } finally {
    await server?.stop();
  }
}

async function underSixways({ script, typescript, redis }: Compatible): Promise<readonly string[]> {
  const { printed, uncaught } = await runPrograms([script], {
    env: { REDIS_HOST: 'n2', REDIS_PORT: '6379' },
    ...(redis && { simulated: [(host) => void startRedis(host)] }),
    ...(typescript && {
      extension: 'ts',
      files: { 'tsconfig.json': JSON.stringify({ compilerOptions: DECORATED }) },
    }),
  });
  expect(uncaught).toEqual([]);
  return printed.n1 ?? [];
}

describe('packages print the same, line by line, under plain Node and hosted', () => {
  it.each(COMPATIBLE)('$name', async (each) => {
    const plain = await underNode(each);
    expect(await underSixways(each)).toEqual(plain);
    lines.set(each, plain.length);
  });
});

const versionOf = (name: string): string => {
  const { version } = JSON.parse(
    readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), 'utf8'),
  ) as { readonly version: string };
  return version;
};

afterAll(() => {
  // Only those that were compared are told of.
  if (lines.size < COMPATIBLE.length) return;
  const rows = COMPATIBLE.map((each) => {
    const version = each.packages[0] === undefined ? "Node's own" : versionOf(each.packages[0]);
    return `| ${each.name} | ${version} | ${each.does} | ${each.afterwards} | ${lines.get(each)} |`;
  });
  const table = [
    '| package | version | compared | after a lost connection | lines |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
  const text = readFileSync(README, 'utf8');
  const made = text.replace(
    /(<!-- compatibility -->\n)[\s\S]*?(\n<!-- end -->)/,
    (_, head: string, end: string) => `${head}${table}${end}`,
  );
  if (process.env.UPDATE_DOCS === '1') writeFileSync(README, made);
  else expect(text).toBe(made);
});
