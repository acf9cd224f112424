import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { execaSync } from 'execa';
import { isInstalled, missing } from './installed.ts';

/** Asked by Debian's packages before they start a service. 101: they may not. */
const POLICY = '/usr/sbin/policy-rc.d';

/** Somebody else may be installing something at this moment. Seconds. */
const PATIENCE = ['-o', 'DPkg::Lock::Timeout=300'];

function aptGet(...words: readonly string[]): boolean {
  const { failed } = execaSync('apt-get', ['-y', '-q', ...PATIENCE, ...words], {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    stdin: 'ignore',
    stderr: 'inherit',
    reject: false,
  });
  return !failed;
}

/** Installs without starting any service. */
function install(packages: readonly string[]): void {
  const own = !existsSync(POLICY);
  if (own) {
    writeFileSync(POLICY, '#!/bin/sh\nexit 101\n');
    chmodSync(POLICY, 0o755);
  }
  try {
    if (aptGet('update')) aptGet('install', '--no-install-recommends', ...packages);
  } finally {
    if (own) rmSync(POLICY, { force: true });
  }
}

/**
 * Installs the servers and tools of the live world where it may: Debian or Ubuntu, as root. Otherwise it says what is missing and how to get
 * it. With `CI` set, what is missing is a failure.
 */
const before = missing();
if (before.length > 0 && process.getuid?.() === 0 && isInstalled('apt-get')) {
  console.log(`installing for the live world: ${before.map((need) => need.package).join(' ')}`);
  install(before.flatMap((need) => need.package.split(' ')));
}
const left = missing();
if (left.length === 0) console.log('servers of the live world: all installed');
else {
  console.log(
    [
      `servers of the live world: not installed: ${left.map(({ command }) => command).join(', ')}`,
      'what needs them is skipped; on Debian or Ubuntu, as root, npm run servers installs them:',
      `  apt-get install ${left.map((need) => need.package).join(' ')}`,
    ].join('\n'),
  );
  if (process.env.CI !== undefined && process.env.CI !== '') process.exitCode = 1;
}
