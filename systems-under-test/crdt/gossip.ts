import { DiskFull, type Host, HostError, type Json, type Setting } from '../../harness/contract/index.ts';
import type { MergeStore } from '../shared/merge-store.ts';
import type { CrdtOptions } from './options.ts';
import type { DataType } from './types/data-type.ts';

type Fields = { readonly [name: string]: Json };
type Entries = readonly (readonly [key: string, state: Json])[];

/** How far another replica is known to be: everything up to `sent`, as long as it is the same copy (`actor`). */
interface Peer {
  readonly actor: string;
  readonly sent: number;
}

/**
 * Anti-entropy: every replica sends what it knows to one other after the other; they merge it. What changed since the other one confirmed is enough, for a confirmed state is on the other one's
 * disk (deltas in the grain of keys: Almeida, Shoker and Baquero, _Delta state replicated data types_, 2018). A replica that lost its copy has another name for the new one, and is sent everything.
 */
export class Gossip {
  private readonly host: Host;
  private readonly setting: Setting<CrdtOptions>;
  private readonly store: MergeStore;
  private readonly typeOf: (key: string) => DataType;
  private readonly peers = new Map<string, Peer>();
  /** By key: the number of its last change here. */
  private readonly changed = new Map<string, number>();
  private changes = 0;

  constructor(
    host: Host,
    setting: Setting<CrdtOptions>,
    store: MergeStore,
    typeOf: (key: string) => DataType,
  ) {
    this.host = host;
    this.setting = setting;
    this.store = store;
    this.typeOf = typeOf;
  }

  /** This key has another state, on the disk. */
  touched(key: string): void {
    this.changed.set(key, ++this.changes);
  }

  async run(): Promise<void> {
    const { host, setting } = this;
    for (const [key] of this.store.entries()) this.touched(key);
    const others = setting.hosts.server!.filter((server) => server !== host.name);
    if (others.length === 0) return;
    for (let turn = host.random.integer(0, others.length - 1); ; turn++) {
      await host.sleep(setting.options.gossipInterval);
      await this.sendTo(others[turn % others.length]!);
    }
  }

  private async sendTo(server: string): Promise<void> {
    const { host, setting, changes } = this;
    const { gossip, gossipTimeout } = setting.options;
    const peer = this.peers.get(server);
    const since = gossip === 'states' ? 0 : (peer?.sent ?? 0);
    const entries = [...this.store.entries()].filter(([key]) => this.changed.get(key)! > since);
    if (entries.length === 0 && peer !== undefined) return;
    try {
      const message = { f: 'gossip', entries };
      const reply = (await host.network.request(server, message, { timeout: gossipTimeout })) as Fields;
      if (reply.type !== 'ok') return;
      const isSame = peer === undefined || peer.actor === reply.actor || since === 0;
      this.peers.set(server, { actor: reply.actor as string, sent: isSame ? changes : 0 });
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
    }
  }

  /** Answers `gossip`: confirms what is on the disk. */
  async take({ entries }: Fields): Promise<Fields> {
    try {
      await Promise.all((entries as Entries).map(([key, state]) => this.merge(key, state)));
      return { type: 'ok', actor: this.store.actor };
    } catch (error) {
      if (!(error instanceof DiskFull)) throw error;
      return { type: 'fail', error: error.code };
    }
  }

  private async merge(key: string, state: Json): Promise<void> {
    let isNew = false;
    await this.store.update(key, (current) => {
      const merged = current === undefined ? state : this.typeOf(key).merge(current, state);
      isNew = merged !== current;
      return isNew ? merged : undefined;
    });
    if (isNew) this.touched(key);
  }
}
