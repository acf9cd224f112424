import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { bundleProgram } from './bundle.ts';

const PACKAGES = fileURLToPath(new URL('../../../node_modules', import.meta.url));

test.each([true, false])(
  'decorators are those of tsconfig.json, in files that its paths lead to, wherever on the line they stand (metadata: %s)',
  async (metadata) => {
    const folder = mkdtempSync(join(tmpdir(), 'sixways-bundle-'));
    try {
      const files = {
        'package.json': '{}',
        'tsconfig.json': JSON.stringify({
          compilerOptions: {
            ...{ target: 'ES2021', experimentalDecorators: true, emitDecoratorMetadata: metadata },
            ...{ baseUrl: '.', paths: { '@own/*': ['parts/*'] } },
          },
        }),
        'main.ts': "import { Named } from '@own/named'; console.log(Named);",
        'parts/named.ts': "import { mark } from '@own/mark'; export class Named { @mark() name: string; }",
        'parts/mark.ts': 'export const mark = () => (target: object, key: string): void => {};',
      };
      mkdirSync(join(folder, 'parts'));
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      symlinkSync(PACKAGES, join(folder, 'node_modules'));
      const { code } = await bundleProgram({ entry: join(folder, 'main.ts'), shown: 'main.ts' });
      expect(code).not.toContain('__decorateElement');
      expect(code.includes('design:type')).toBe(metadata);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
