import { type Host, MILLISECOND, type Setting } from '../../harness/contract/index.ts';
import { Copy, NOTHING, orExit, readIntact, readSnapshot } from './copy.ts';
import type { Position, Refused, Request, Restored } from './messages.ts';
import type { BackupOptions } from './options.ts';

/** Between two looks at what the disk holds. */
const VERIFY_EVERY = 500 * MILLISECOND;

/**
 * The backup: keeps every record that the server ships, and gives the state back to a server that lost it. It takes only what goes on from what it has, and
 * never less than that: a server that starts with nothing is one to be restored, not one to be copied.
 */
class Keeper {
  private readonly host: Host;
  private readonly setting: Setting<BackupOptions>;
  private readonly copy: Copy;
  private conversations = 0;
  /** One request after the other. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(host: Host, setting: Setting<BackupOptions>) {
    this.host = host;
    this.setting = setting;
    this.copy = new Copy(host.disk, setting.options.snapshotBytes);
  }

  async start(): Promise<void> {
    await this.copy.replace((await readIntact(this.host.disk)) ?? NOTHING);
    this.host.copies(() => this.copy.look());
    this.host.network.onRequest((message) => this.inTurn(() => this.answer(message as Request)));
    for (;;) {
      await this.host.sleep(VERIFY_EVERY);
      const repaired = await this.inTurn(() => this.copy.verify());
      this.host.sometimes(repaired, 'the backup wrote anew what was missing on its disk');
    }
  }

  private inTurn<T>(task: () => Promise<T>): Promise<T> {
    const done = this.last.then(task);
    this.last = done.catch(() => {});
    return done;
  }

  private get token(): string {
    return `${this.host.incarnation}.${this.conversations}`;
  }

  private async answer(request: Request): Promise<Position | Restored | Refused> {
    const before = this.copy.sequence;
    switch (request.f) {
      case 'restore':
        return this.restored();
      case 'hello':
        this.conversations++;
        break;
      case 'ship':
        if (request.token !== this.token) return { type: 'refused' };
        for (const [nth, changes] of request.records.entries())
          if (request.from + nth === this.copy.sequence + 1) await this.copy.append(changes);
        break;
      case 'snapshot': {
        if (request.token !== this.token) return { type: 'refused' };
        const newer = request.state.sequence > this.copy.sequence;
        if (newer || this.setting.flaw('backup-deletes-along')) await this.copy.replace(request.state);
        break;
      }
    }
    const { sequence } = this.copy;
    this.host.always(sequence >= before || this.setting.flaw('backup-deletes-along'), 'a backup only grows', {
      before,
      sequence,
    });
    return { type: 'ok', token: this.token, sequence };
  }

  /** From the disk, not from memory: what cannot be read back is no backup. */
  private async restored(): Promise<Restored | Refused> {
    const { disk } = this.host;
    const tailSkipped = this.setting.flaw('restore-skips-tail');
    const state = tailSkipped ? await readSnapshot(disk) : await readIntact(disk);
    if (state === undefined) return { type: 'refused' };
    return { type: 'ok', state };
  }
}

export function startKeeper(host: Host, setting: Setting<BackupOptions>): Promise<void> {
  return orExit(
    (reason) => host.exit(reason),
    () => new Keeper(host, setting).start(),
  );
}
