import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A command that the live world needs, and Debian's package that has it. */
export interface Need {
  readonly command: string;
  readonly package: string;
}

export const NEEDS: readonly Need[] = [
  { command: 'ip', package: 'iproute2' },
  { command: 'nft', package: 'nftables' },
  { command: 'redis-server', package: 'redis-server' },
  { command: 'etcd', package: 'etcd-server' },
  { command: 'initdb', package: 'postgresql-15' },
  { command: 'gcc', package: 'gcc libc6-dev' },
  { command: 'memcached', package: 'memcached' },
  { command: 'nginx', package: 'nginx-light' },
];

/** Where Debian keeps programs that are not for everybody. */
const MORE_FOLDERS = ['/usr/sbin', '/sbin', '/usr/lib/postgresql/15/bin'];

export function isInstalled(command: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...MORE_FOLDERS];
  return folders.some((folder) => existsSync(join(folder, command)));
}

/** What is missing of these commands; of all if absent. */
export function missing(commands: readonly string[] = NEEDS.map(({ command }) => command)): Need[] {
  return NEEDS.filter(({ command }) => commands.includes(command) && !isInstalled(command));
}
