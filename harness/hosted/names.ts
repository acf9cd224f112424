import type { Host, Native, Setting, Sockets } from '../contract/index.ts';

/**
 * The machine with names for programs beside those of hosts, as a cluster's DNS has them: `api` is each replica of the program `api` in turn, `api-2` the
 * second one, `localhost` the host itself.
 */
export function named(host: Host, native: Native, hosts: Setting['hosts']): Native {
  const { sockets } = native;
  const turns = new Map<string, number>();
  const hostOf = (name: string): string => {
    if (name === 'localhost') return host.name;
    if (sockets.addressOf(name) !== undefined) return name;
    const replicas = Object.hasOwn(hosts, name) ? hosts[name]! : [];
    if (replicas.length > 0) {
      const turn = turns.get(name) ?? 0;
      turns.set(name, turn + 1);
      return replicas[turn % replicas.length]!;
    }
    const [, role = '', nth] = /^(.+)-(\d+)$/.exec(name) ?? [];
    return (Object.hasOwn(hosts, role) && hosts[role]![Number(nth) - 1]) || name;
  };
  const renamed: Sockets = {
    addressOf: (name) => sockets.addressOf(hostOf(name)),
    hostAt: (address) => sockets.hostAt(address),
    listen: (port, accept) => sockets.listen(port, accept),
    connect: (name, port, events) => sockets.connect(hostOf(name), port, events),
  };
  return { sockets: renamed, files: native.files, host: (runtime) => native.host(runtime) };
}
