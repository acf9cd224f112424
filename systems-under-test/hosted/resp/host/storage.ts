import type { Host, Native } from '../../../../harness/contract/index.ts';
import type { LogStorage } from '../persistence/append-only-file.ts';

/** A file of a simulated machine. Names are absolute, as its other programs see them. */
export function fileStorage(host: Host, { files }: Native, name: string): LogStorage {
  const temporary = `${name}.new`;
  return {
    read: () => (files.exists(name) ? files.read(name) : new Uint8Array()),
    append: (bytes) => void files.append(name, bytes),
    truncate: (length) => files.truncate(name, length),
    replace: (bytes) => {
      if (files.exists(temporary)) files.remove(temporary);
      files.append(temporary, bytes);
      files.sync(temporary);
      files.rename(temporary, name);
      files.sync(name);
    },
    sync: () => files.sync(name),
    // A thread of its own does it in Redis: the server goes on.
    syncLater: () => host.disk.sync(name),
  };
}
