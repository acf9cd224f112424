import { type Host, HostError, type Json, type Setting } from '../../harness/contract/index.ts';
import { type Chunk, idOf, type Orders, parseId, type Report } from './chunk.ts';
import { Copies } from './copies.ts';
import type { FileStoreOptions } from './options.ts';

/**
 * Holds copies of chunks and knows nothing of files. It stores what clients bring, serves it, reports all that it holds to the master at
 * intervals and after each change, carries out what the master answers, and reads its own disk through again and again.
 */
export class ChunkServer {
  private readonly host: Host;
  private readonly setting: Setting<FileStoreOptions>;
  private readonly copies: Copies;
  private readonly master: string;
  private open = false;
  private reports = 0;
  /** Copies on their way here from other servers. */
  private readonly coming = new Set<string>();
  /** The copy at which the scrubber looked last. */
  private scrubbed = '';

  constructor(host: Host, setting: Setting<FileStoreOptions>) {
    this.host = host;
    this.setting = setting;
    this.master = setting.hosts.master![0]!;
    this.copies = new Copies(host, setting.options.blockBytes, {
      skipSync: setting.flaw('acknowledges-before-sync'),
    });
  }

  async start(): Promise<void> {
    this.host.network.onRequest((message) => this.answer(message as { readonly [name: string]: Json }));
    await this.copies.open();
    this.open = true;
    this.every(this.setting.options.reportInterval, () => this.report());
    this.every(this.setting.options.scrubInterval, () => this.scrub());
  }

  private every(interval: number, act: () => Promise<void>): void {
    const round = async (): Promise<void> => {
      await act();
      this.host.after(interval, round);
    };
    void round();
  }

  private async answer(message: { readonly [name: string]: Json }): Promise<Json> {
    if (!this.open) return { type: 'fail', error: 'starting' };
    const chunk: Chunk = { handle: message.handle as string, version: message.version as number };
    if (this.copies.failed && message.f !== 'have') return { type: 'fail', error: 'disk-failed' };
    switch (message.f) {
      case 'store':
        return this.store(chunk, message.data as string);
      case 'read':
        return this.read(chunk);
      case 'fetch':
        return this.found(await this.copies.read(chunk, !this.setting.flaw('copies-damaged')));
      case 'have':
        // Looks, and does not remember: it is asked before a file is called lost. Even a disk that failed is asked; where it is gone, it has nothing.
        if (this.coming.has(idOf(chunk))) return { type: 'fail', error: 'coming' };
        return { type: 'ok', has: (await this.copies.read(chunk)) !== undefined };
      default:
        return {
          type: 'fail',
          error: `expected store, read, fetch or have, got ${JSON.stringify(message.f)}`,
        };
    }
  }

  private async read(chunk: Chunk): Promise<Json> {
    const wanted = this.setting.flaw('accepts-stale-copies')
      ? (this.copies.newest(chunk.handle) ?? chunk)
      : chunk;
    return this.found(await this.copies.read(wanted, !this.setting.flaw('reads-unverified')));
  }

  private found(data: string | undefined): Json {
    return data === undefined ? { type: 'fail', error: 'no-copy' } : { type: 'ok', data };
  }

  private async store(chunk: Chunk, data: string): Promise<Json> {
    try {
      await this.copies.store(chunk, data);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return { type: 'fail', error: error.code };
    }
    void this.report();
    return { type: 'ok' };
  }

  private async report(): Promise<void> {
    const report: Report = {
      f: 'report',
      incarnation: this.host.incarnation,
      nth: ++this.reports,
      copies: this.copies.failed ? [] : this.copies.ids(true),
      damaged: this.copies.failed ? [] : this.copies.ids(false),
      failed: this.copies.failed,
      time: this.host.clock.wall(),
    };
    try {
      const { reportInterval: timeout } = this.setting.options;
      const reply = await this.host.network.request(this.master, report, { timeout });
      const { type } = reply as { readonly [name: string]: Json };
      if (type !== 'ok') return;
      const orders = reply as Orders;
      for (const id of orders.remove) await this.copies.remove(id);
      for (const { id, from } of orders.copy) void this.fetch(parseId(id), from);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
    }
  }

  /** Copies a chunk from the first of these servers that has it sound. */
  private async fetch(chunk: Chunk, from: readonly string[]): Promise<void> {
    this.coming.add(idOf(chunk));
    await this.fetchFrom(chunk, from);
    this.coming.delete(idOf(chunk));
    await this.report();
  }

  private async fetchFrom(chunk: Chunk, from: readonly string[]): Promise<void> {
    const repaired = this.copies.ids(false).includes(idOf(chunk));
    for (const source of from) {
      if (this.copies.has(chunk)) return;
      try {
        const { chunkTimeout: timeout } = this.setting.options;
        const reply = await this.host.network.request(source, { f: 'fetch', ...chunk }, { timeout });
        const { type, data } = reply as { type: string; data: string };
        if (type !== 'ok') continue;
        await this.copies.store(chunk, data);
        this.host.note('copied', { chunk: idOf(chunk), from: source, repaired });
        return;
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
      }
    }
  }

  /** Reads one copy after the other, in the order of their ids, so that damage is found before it is needed (GFS, section 5.2). */
  private async scrub(): Promise<void> {
    if (this.copies.failed) return;
    const ids = this.copies.ids(true).sort();
    const next = ids.find((id) => id > this.scrubbed) ?? ids[0];
    if (next === undefined) return;
    this.scrubbed = next;
    await this.copies.read(parseId(next));
  }
}
