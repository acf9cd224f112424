import type { Native, Setting, Sockets } from '../contract/index.ts';

/** The machine with one more kind of name, as a cluster's DNS has them: `api-2` is the second replica of the program `api`. */
export function named(native: Native, hosts: Setting['hosts']): Native {
  const { sockets } = native;
  const hostsOf = (name: string): readonly string[] => {
    const known = sockets.hostsOf(name);
    if (known.length > 0) return known;
    const [, role = '', nth] = /^(.+)-(\d+)$/.exec(name) ?? [];
    const replica = Object.hasOwn(hosts, role) ? hosts[role]![Number(nth) - 1] : undefined;
    return replica === undefined ? [] : [replica];
  };
  const renamed: Sockets = {
    hostsOf,
    addressOf: (name) => sockets.addressOf(name),
    hostAt: (address) => sockets.hostAt(address),
    listen: (port, accept, options) => sockets.listen(port, accept, options),
    connect: (name, port, events) => sockets.connect(name, port, events),
  };
  return {
    sockets: renamed,
    files: native.files,
    host: (runtime) => native.host(runtime),
    exit: (code) => native.exit(code),
  };
}
