import { type Host, HostError, type Json, type Setting } from '../../harness/contract/index.ts';
import { type Chunk, fileOf, handleOf, idOf, type Orders, parseId, type Report } from './chunk.ts';
import { Leases } from './leases.ts';
import { Locations } from './locations.ts';
import { Namespace } from './namespace.ts';
import type { FileStoreOptions } from './options.ts';
import { Repairs } from './repairs.ts';
import { rackOf } from './topology.ts';

type Fields = { readonly [name: string]: Json };

/**
 * Knows which version of which file counts, and from the reports of the chunk servers where its copies are. Data never pass through it. There
 * is one master; while it is down nothing is served, and when it comes back it knows what it had promised from its log.
 */
export class Master {
  private readonly host: Host;
  private readonly setting: Setting<FileStoreOptions>;
  private readonly namespace: Namespace;
  private readonly leases: Leases;
  private readonly locations: Locations;
  private readonly repairs: Repairs;
  private open = false;

  constructor(host: Host, setting: Setting<FileStoreOptions>) {
    const { options, hosts } = setting;
    this.host = host;
    this.setting = setting;
    const now = () => host.clock.monotonic();
    this.namespace = new Namespace(host, options.checkpointBytes);
    this.leases = new Leases(options.leaseTime, now);
    this.locations = new Locations(hosts.chunk!, (nth) => rackOf(nth, options), options.deadAfter, now);
    this.repairs = new Repairs(this.locations, options, now, host.random);
  }

  async start(): Promise<void> {
    this.host.network.onRequest((message, from) => this.answer(message as Fields, from));
    while (!(await this.namespace.open())) await this.host.sleep(this.setting.options.reportInterval);
    this.open = true;
    for (;;) {
      await this.look();
      await this.host.sleep(this.setting.options.reportInterval);
    }
  }

  private answer(message: Fields, from: string): Json | Promise<Json> {
    if (!this.open) return { type: 'fail', error: 'starting' };
    switch (message.f) {
      case 'report':
        return this.report(from, message as Report);
      case 'lookup':
        return this.lookUp(String(message.file));
      case 'begin':
        return this.begin(String(message.file), message.avoid as readonly string[]);
      case 'commit':
        return this.commit(String(message.file), message.version as number, message.base as number | null);
      default:
        return {
          type: 'fail',
          error: `expected report, lookup, begin or commit, got ${JSON.stringify(message.f)}`,
        };
    }
  }

  private lookUp(file: string): Json {
    const version = this.namespace.version(file);
    const stale = this.setting.flaw('accepts-stale-copies');
    return {
      type: 'ok',
      version,
      at: Array.from({ length: this.setting.options.chunks }, (_, nth) =>
        this.locations.holders({ handle: handleOf(file, nth), version }, stale),
      ),
    };
  }

  /** A new version of the file, and servers for the copies of each of its chunks, without those that the writer cannot use. */
  private begin(file: string, avoid: readonly string[]): Json {
    const { chunks, copies } = this.setting.options;
    const before = this.namespace.version(file);
    const targets = Array.from({ length: chunks }, (_, nth) =>
      this.repairs.choose({ handle: handleOf(file, nth), version: before }, copies, avoid),
    );
    if (targets.some((servers) => servers.length < copies)) return { type: 'fail', error: 'too-few-racks' };
    const version = this.namespace.nextVersion();
    this.leases.grant(file, version);
    return { type: 'ok', version, targets };
  }

  /** `base`: only if this version of the file still counts; null: whichever does. */
  private async commit(file: string, version: number, base: number | null): Promise<Json> {
    const done = this.leases.once(version, (leased) => this.makeCurrent(leased, version, base));
    if (done !== undefined) return done;
    if (this.namespace.version(file) === version) return { type: 'ok' };
    // A lease of before a restart, perhaps committed and replaced since; or one that ended.
    return { type: 'info', error: 'no-lease' };
  }

  private async makeCurrent(file: string, version: number, base: number | null): Promise<Json> {
    for (;;) {
      const before = this.namespace.version(file);
      if (base !== null && before !== base) return { type: 'fail', error: 'changed-meanwhile' };
      // A write that began later was faster: as if this one had come just before it.
      if (before > version) return { type: 'fail', error: 'superseded' };
      const outcome = await this.namespace.commit(file, before, version);
      if (outcome.type !== 'fail' || outcome.error !== 'cas-mismatch') return { ...outcome };
    }
  }

  private report(server: string, report: Report): Orders {
    if (!this.locations.heard(server, report)) return { type: 'ok', remove: [], copy: [] };
    const remove: string[] = [];
    for (const id of report.copies) {
      const chunk = parseId(id);
      if (!this.counts(chunk) || this.repairs.isExcess(server, chunk)) remove.push(id);
    }
    for (const id of report.damaged) {
      const chunk = parseId(id);
      if (!this.counts(chunk) || this.repairs.hasEnough(chunk)) remove.push(id);
    }
    for (const id of remove) this.locations.removed(server, id);
    return { type: 'ok', remove, copy: this.repairs.take(server, this.setting.flaw('copies-damaged')) };
  }

  /** Copies of everything else are garbage (GFS, sections 4.4 and 4.5). */
  private counts(chunk: Chunk): boolean {
    if (this.setting.flaw('accepts-stale-copies') && this.namespace.version(fileOf(chunk.handle)) > 0)
      return true;
    if (this.namespace.isCurrent(chunk)) return true;
    return !this.setting.flaw('collects-unfinished') && this.leases.isBeingWritten(chunk);
  }

  /** Orders copies of what has too few, and makes sure that there is a copy at all. */
  private async look(): Promise<void> {
    for (const chunk of this.namespace.chunks(this.setting.options.chunks)) {
      if (this.repairs.look(chunk) === 'none' && this.locations.allHeardOf) await this.ask(chunk);
    }
  }

  /**
   * All servers report, and none has it. A report may be older than the copy, so all are asked: only if each says that it has no sound
   * copy, and the chunk counts even now, it is lost.
   */
  private async ask(chunk: Chunk): Promise<void> {
    const answers = await Promise.all(
      this.locations.servers.map(async (server) => {
        try {
          const { chunkTimeout: timeout } = this.setting.options;
          return await this.host.network.request(server, { f: 'have', ...chunk }, { timeout });
        } catch (error) {
          if (!(error instanceof HostError)) throw error;
          return null;
        }
      }),
    );
    const isGone = answers.every((answer) => {
      const { type, has } = (answer ?? {}) as Fields;
      return type === 'ok' && has === false;
    });
    this.host.always(!(isGone && this.namespace.isCurrent(chunk)), 'every committed chunk has a sound copy', {
      chunk: idOf(chunk),
    });
  }
}
