import { REGISTER } from './register.ts';

/** What `init` writes: names of files and their text. */
export function scaffold(name: string, dependency: string): { readonly [file: string]: string } {
  return {
    'register.ts': REGISTER,
    'register.test.js': TEST,
    'package.json': packageJson(name, dependency),
    'tsconfig.json': TSCONFIG,
    '.gitignore': 'node_modules/\n.sixways/\n',
    '.github/workflows/sixways.yml': WORKFLOW,
  };
}

function packageJson(name: string, dependency: string): string {
  const content = {
    name,
    private: true,
    type: 'module',
    scripts: { test: 'node --test' },
    devDependencies: { sixways: dependency },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

const TSCONFIG = `${JSON.stringify(
  {
    compilerOptions: {
      target: 'ES2023',
      module: 'NodeNext',
      strict: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      skipLibCheck: true,
      types: [],
    },
    files: ['register.ts'],
  },
  null,
  2,
)}\n`;

const TEST = `import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

/** Runs sixways, and shows what it says when it does not end as it should. */
function sixways(...args) {
  const shell = process.platform === 'win32';
  const { status, stdout, stderr } = spawnSync('npx', ['--no-install', 'sixways', ...args], { encoding: 'utf8', shell });
  assert.equal(status, 0, \`sixways \${args.join(' ')}\\n\${stdout}\${stderr}\`);
}

test('keeps its promises under every fault that it claims to stand', () => {
  sixways('test', './register.ts', '--seeds', '50');
});

test('is deterministic: a seed is a run', () => {
  sixways('verify', './register.ts', '--seeds', '3');
});

test('has no flaw that would go unnoticed', () => {
  sixways('flaws', './register.ts');
});
`;

const WORKFLOW = `name: sixways
on: [push, pull_request]
jobs:
  faults:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - run: npm install
      # Failing seeds become annotations of the pull request; each comes with the line that replays it.
      - run: npx sixways test ./register.ts --seeds 500 --junit report.xml
      - run: npm test
      - if: failure()
        uses: actions/upload-artifact@v4
        with:
          name: failures
          path: |
            .sixways/
            report.xml
`;
