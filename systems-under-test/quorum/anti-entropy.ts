import { DiskFull, type Host, HostError, type Json, type Setting } from '../../harness/contract/index.ts';
import { leafOf, MerkleTree } from '../shared/merkle.ts';
import type { Copies, Fields } from './copies.ts';
import type { QuorumOptions } from './options.ts';
import type { Replica } from './replica.ts';

type Entries = readonly (readonly [key: string, state: Json])[];

/** Compares the copies that two servers have in common, and merges those that differ (Dynamo, section 4.7). */
export class AntiEntropy {
  private readonly host: Host;
  private readonly setting: Setting<QuorumOptions>;
  private readonly replica: Replica;
  private readonly copies: Copies;
  private readonly trees = new Map<string, { readonly version: number; readonly tree: MerkleTree }>();

  constructor(host: Host, setting: Setting<QuorumOptions>, replica: Replica, copies: Copies) {
    this.host = host;
    this.setting = setting;
    this.replica = replica;
    this.copies = copies;
  }

  /** One other server after the other, for ever. */
  async run(): Promise<void> {
    const { host, setting } = this;
    const others = setting.hosts.server!.filter((server) => server !== host.name);
    if (others.length === 0) return;
    for (let turn = 0; ; turn++) {
      await host.sleep(setting.options.antiEntropyInterval);
      try {
        await this.compareWith(others[turn % others.length]!);
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
      }
    }
  }

  private async compareWith(peer: string): Promise<void> {
    const timeout = this.setting.options.replicaTimeout;
    const tree = this.treeWith(peer);
    const told = (await this.host.network.request(
      peer,
      { f: 'compare', branches: tree.branches },
      { timeout },
    )) as Fields;
    if (told.type !== 'ok') return;
    const leaves = tree.leavesToExchange(told.leaves as Parameters<MerkleTree['leavesToExchange']>[0]);
    if (leaves.length === 0) return;
    this.host.sometimes(true, 'copies differ');
    const message = { f: 'exchange', leaves, entries: this.entriesOf(peer, leaves) };
    const reply = (await this.host.network.request(peer, message, { timeout })) as Fields;
    if (reply.type === 'ok') await this.mergeAll(reply.entries as Entries);
  }

  /** Answers `compare`. */
  compare({ branches }: Fields, peer: string): Fields {
    const leaves = this.treeWith(peer).differing(branches as readonly number[]);
    return { type: 'ok', leaves: leaves as unknown as Json };
  }

  /** Answers `exchange`: takes what the other one has in these leaves, and tells what this one has. */
  async exchange({ leaves, entries }: Fields, peer: string): Promise<Fields> {
    const own = this.entriesOf(peer, leaves as readonly number[]);
    await this.mergeAll(entries as Entries);
    return { type: 'ok', entries: own };
  }

  /** False if a full disk has no room for some of it: then it is compared again later. @throws DiskFailure */
  async mergeAll(entries: Entries): Promise<boolean> {
    try {
      await Promise.all(entries.map(([key, state]) => this.replica.merge(key, state)));
      return true;
    } catch (error) {
      if (!(error instanceof DiskFull)) throw error;
      return false;
    }
  }

  /** Copies that belong on both servers. */
  *inCommon(peer: string): IterableIterator<readonly [key: string, state: Json]> {
    for (const entry of this.replica.copies()) {
      const owners = this.copies.owners(entry[0]);
      if (owners.includes(peer) && owners.includes(this.host.name)) yield entry;
    }
  }

  private entriesOf(peer: string, leaves: readonly number[]): Entries {
    return [...this.inCommon(peer)].filter(([key]) => leaves.includes(leafOf(key)));
  }

  private treeWith(peer: string): MerkleTree {
    const { version } = this.replica;
    const known = this.trees.get(peer);
    if (known?.version === version) return known.tree;
    const tree = new MerkleTree(this.inCommon(peer));
    this.trees.set(peer, { version, tree });
    return tree;
  }
}
