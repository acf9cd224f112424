import {
  DiskFull,
  type Host,
  HostError,
  MILLISECOND,
  type Nanos,
  type Setting,
} from '../../harness/contract/index.ts';
import { Batch, type Command, type Outcome } from '../shared/command.ts';
import { serve } from '../shared/serve.ts';
import { plainTable } from '../shared/value-table.ts';
import { type Changes, Copy, NOTHING, orExit, readIntact, type State } from './copy.ts';
import type { Position, Refused, Request, Restored } from './messages.ts';
import type { BackupOptions } from './options.ts';

/** Patience with the backup, and the pause after it was in vain. */
const ATTEMPT = 100 * MILLISECOND;
const PAUSE = 10 * MILLISECOND;
/** Between two looks at the own disk and the backup, when nothing else is to be done. */
const BEAT = 200 * MILLISECOND;

interface Waiting {
  readonly command: Command;
  readonly resolve: (outcome: Outcome) => void;
}

/**
 * One server whose log is shipped to a backup. A group of commands is appended to the log, shipped, and then seen and acknowledged; with periodic shipping it
 * is acknowledged first.
 *
 * It serves only when it knows what the backup has. If that is more than its own disk holds, the disk lost something: files were deleted, or
 * the disk was exchanged. Then it restores.
 */
class Server {
  private readonly host: Host;
  private readonly backup: string;
  private readonly interval: Nanos;
  /** True if writes are acknowledged before they are at the backup. */
  private readonly periodic: boolean;
  private readonly flaw: (name: string) => boolean;
  private readonly table = plainTable();
  private readonly copy: Copy;
  private serving = false;
  private waiting: Waiting[] = [];
  private wake: () => void = () => {};
  /** Records that the backup may lack; the last one is that of `copy.sequence`. */
  private tail: Changes[] = [];
  private token = '';
  /** Up to where the backup is known to have everything. */
  private shipped = 0;
  private shipAt: Nanos = 0;

  constructor(host: Host, { options, hosts, flaw }: Setting<BackupOptions>) {
    this.host = host;
    this.backup = hosts.backup![0]!;
    this.interval = options.interval;
    this.periodic = options.shipping === 'periodic' || flaw('acknowledges-before-shipped');
    this.flaw = flaw;
    this.copy = new Copy(host.disk, options.snapshotBytes);
    host.copies(() => this.copy.look());
  }

  async run(): Promise<void> {
    serve(this.host, (command) => this.execute(command));
    await this.begin();
    this.serving = true;
    const { clock } = this.host;
    let beatAt = clock.monotonic() + BEAT;
    for (;;) {
      if (clock.monotonic() >= beatAt) {
        beatAt = clock.monotonic() + BEAT;
        const repaired = await this.copy.verify();
        this.host.sometimes(repaired, 'the server wrote anew what was missing on its disk');
        await this.hello();
      }
      if (this.waiting.length > 0) await this.commit();
      if (!this.periodic || clock.monotonic() >= this.shipAt) await this.ship();
      if (this.waiting.length === 0) await this.something();
    }
  }

  /** Resolves when there is something to do. */
  private something(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
      this.host.after(Math.min(BEAT, this.interval), resolve);
    });
  }

  private execute(command: Command): Promise<Outcome> {
    if (!this.serving) return Promise.resolve({ type: 'fail', error: 'starting' });
    if (command.f === 'read') return Promise.resolve(new Batch(this.table).execute(command));
    return new Promise((resolve) => {
      this.waiting.push({ command, resolve });
      this.wake();
    });
  }

  // ---- start ----

  private async begin(): Promise<void> {
    const found = (await readIntact(this.host.disk)) ?? NOTHING;
    while (!(await this.hello())) await this.host.sleep(PAUSE);
    const state =
      this.shipped > found.sequence && !this.flaw('backup-deletes-along') ? await this.restored() : found;
    await this.copy.replace(state);
    for (const [key, value] of state.entries) this.table.set(key, value);
    if (this.flaw('backup-deletes-along')) this.shipped = -1;
    await this.ship();
  }

  private async restored(): Promise<State> {
    for (;;) {
      const reply = await this.ask<Restored>({ f: 'restore' });
      if (reply?.type === 'ok') {
        this.host.note('restored', { sequence: reply.state.sequence });
        return reply.state;
      }
      await this.host.sleep(PAUSE);
    }
  }

  // ---- commands ----

  private async commit(): Promise<void> {
    const group = this.waiting;
    this.waiting = [];
    const batch = new Batch(this.table);
    const outcomes = group.map(({ command }) => batch.execute(command));
    const { changes } = batch;
    if (changes.length > 0) {
      try {
        await this.copy.append(changes);
      } catch (error) {
        if (!(error instanceof DiskFull)) throw error;
        for (const { resolve } of group) resolve({ type: 'fail', error: error.code });
        return;
      }
      this.tail.push(changes);
      if (!this.periodic) await this.ship();
    }
    batch.publish();
    for (const [nth, { resolve }] of group.entries()) resolve(outcomes[nth]!);
  }

  // ---- backup ----

  /** Resolves when the backup has everything. */
  private async ship(): Promise<void> {
    this.shipAt = this.host.clock.monotonic() + this.interval;
    while (this.shipped < this.copy.sequence) {
      const { sequence } = this.copy;
      const first = sequence - this.tail.length + 1;
      const from = this.shipped + 1;
      const known = from >= first;
      const reply = await this.ask<Position>(
        known
          ? { f: 'ship', token: this.token, from, records: this.tail.slice(from - first) }
          : { f: 'snapshot', token: this.token, state: this.copy.state },
      );
      if (reply?.type === 'ok') {
        this.shipped = reply.sequence;
        this.host.always(this.shipped <= sequence, 'the backup has nothing that was not shipped', {
          sequence,
          shipped: this.shipped,
        });
      } else if (!(await this.hello())) await this.host.sleep(PAUSE);
    }
    this.tail = [];
  }

  /** Opens a conversation, and learns what the backup has. @returns false without an answer. */
  private async hello(): Promise<boolean> {
    const reply = await this.ask<Position>({ f: 'hello' });
    if (reply?.type !== 'ok') return false;
    this.token = reply.token;
    this.shipped = reply.sequence;
    return true;
  }

  private async ask<Reply>(request: Request): Promise<Reply | Refused | undefined> {
    try {
      return (await this.host.network.request(this.backup, request, { timeout: ATTEMPT })) as Reply | Refused;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return undefined;
    }
  }
}

export function startServer(host: Host, setting: Setting<BackupOptions>): Promise<void> {
  return orExit(
    (reason) => host.exit(reason),
    () => new Server(host, setting).run(),
  );
}
