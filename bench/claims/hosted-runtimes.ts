import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import type { Claims, Extent } from './claim.ts';
import { sixways, sixwaysBy } from './sixways.ts';

interface Example {
  readonly name: string;
  readonly file: string;
}

/** What a run of programs is, it is in every process and under every load: two that are unlike in all that may not matter are compared event by event. */
export async function runtimeClaims(
  claims: Claims,
  examples: readonly Example[],
  { sample, base }: Extent,
): Promise<void> {
  const from = ['--from', String(base)];
  const same = async (name: string, file: string, seeds: number): Promise<void> =>
    claims.try(`${name}: ${seeds} seeds are the same in two unlike processes`, async () => {
      const { code, json } = await sixways('verify', file, '--seeds', String(seeds), ...from);
      return { holds: code === 0, detail: json };
    });
  for (const { name, file } of examples)
    await same(name, file, sample ? 1 : name === 'order-service' ? 200 : 20);
  if (sample) return;
  await withGuestbook((file) => same("the guide's guestbook", file, 20));
  for (const version of [22, 24]) {
    await withNode(version, async (node) => {
      for (const { name, file } of examples) {
        await claims.try(
          `${name}: 20 seeds are the same in two unlike processes of Node ${version}`,
          async () => {
            if (typeof node !== 'string') return { holds: false, detail: `not tried: ${node.missing}` };
            const { code, json } = await sixwaysBy(node, 'verify', file, '--seeds', '20', ...from);
            return { holds: code === 0, detail: json };
          },
        );
      }
    });
  }
}

/** The files of the guide, in a folder below the packages. */
async function withGuestbook(use: (file: string) => Promise<void>): Promise<void> {
  const cache = resolve('node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'guide-'));
  try {
    const guide = readFileSync('systems-under-test/hosted/GUIDE.md', 'utf8');
    for (const [, name, text] of guide.matchAll(/^```js (guestbook\/\S+)\n(.*?)^```/gms)) {
      mkdirSync(dirname(join(folder, name!)), { recursive: true });
      writeFileSync(join(folder, name!), text!);
    }
    await use(join(folder, 'guestbook/guestbook.system.js'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Another version of Node, as npm's package `node` brings it, or why there is none. */
async function withNode(
  version: number,
  use: (node: string | { readonly missing: string }) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sixways-node-'));
  try {
    const { exitCode, stderr } = await execa(
      'npm',
      ['install', '--no-save', '--no-audit', '--no-fund', `node@${version}`],
      { cwd: folder, reject: false },
    );
    await use(
      exitCode === 0
        ? join(folder, 'node_modules/node/bin/node')
        : { missing: `npm could not bring node@${version}: ${stderr.split('\n')[0]}` },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
