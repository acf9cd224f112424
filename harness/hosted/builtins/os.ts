import * as real from 'node:os';
import type { BuiltinContext } from './context.ts';

const MEMORY = 8 * 2 ** 30;
const CPU = { model: 'simulated', speed: 1000, times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 } };

/** `os`: one machine like the others, under the host's name and address. */
export function os({ host, native }: BuiltinContext): object {
  const address = native.sockets.addressOf(host.name) ?? '127.0.0.1';
  return {
    EOL: '\n',
    constants: real.constants,
    devNull: '/dev/null',
    arch: () => 'x64',
    availableParallelism: () => 1,
    cpus: () => [CPU],
    endianness: () => 'LE',
    freemem: () => MEMORY / 2,
    getPriority: () => 0,
    setPriority() {},
    homedir: () => '/root',
    hostname: () => host.name,
    loadavg: () => [0, 0, 0],
    machine: () => 'x86_64',
    networkInterfaces: () => ({
      lo: [networkInterface('127.0.0.1', '255.0.0.0', true)],
      eth0: [networkInterface(address, '255.0.0.0', false)],
    }),
    platform: () => 'linux',
    release: () => '6.1.0',
    tmpdir: () => '/tmp',
    totalmem: () => MEMORY,
    type: () => 'Linux',
    uptime: () => Math.floor(host.clock.monotonic() / 1e9),
    userInfo: () => ({ uid: 0, gid: 0, username: 'root', homedir: '/root', shell: '/bin/sh' }),
    version: () => '#1 SMP',
  };
}

function networkInterface(address: string, netmask: string, internal: boolean): object {
  const mac = internal ? '00:00:00:00:00:00' : '02:00:00:00:00:01';
  return { address, netmask, family: 'IPv4', mac, internal, cidr: `${address}/8` };
}
