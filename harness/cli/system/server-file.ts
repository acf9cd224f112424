import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Bundle } from './bundle.ts';
import { bundleLiveText, CONFIGURED } from './live-bundle.ts';
import { describedServer } from './server-description.ts';

/** True for a file that describes a server, instead of a module that is a system. */
export function isServerFile(name: string): boolean {
  return name.endsWith('.json');
}

/** Reads the description of a server, and makes a module of it. @throws UsageError */
export async function bundleServer(name: string, file: string): Promise<Bundle> {
  const here = dirname(file);
  const description = describedServer(name, readFileSync(file, 'utf8'), here);
  const { module } = description.client;
  const client =
    module === undefined ? '' : `import * as client from ${JSON.stringify(resolve(here, module))};`;
  const text = `
import { configured } from ${JSON.stringify(CONFIGURED)};
${client}
export default configured(${JSON.stringify(description)}${client === '' ? '' : ', client'});`;
  return bundleLiveText(name, here, text);
}
