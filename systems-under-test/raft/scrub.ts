import { HostError, SECOND } from '../../harness/contract/index.ts';
import { readAroundDamage } from '../shared/read-around-damage.ts';
import { scanRecords } from '../shared/record.ts';
import { COPIES } from './durable-state.ts';
import type { Node } from './node.ts';
import { readSealed } from './sealed-file.ts';
import { LOG, SNAPSHOT } from './storage.ts';

/** Between two passes. */
const EVERY = SECOND;

/**
 * Reads back, now and then, what this server believes to be on its disk, and writes anew from memory what is damaged. Latent errors so do not wait
 * for the restart at which they would meet others: two damaged copies cost more than twice one. (Schwarz et al., "Disk Scrubbing in
 * Large Archival Storage Systems", MASCOTS 2004.)
 */
export class Scrub {
  private readonly node: Node;

  constructor(node: Node) {
    this.node = node;
  }

  start(): void {
    this.node.host.after(EVERY, () => this.pass());
  }

  private async pass(): Promise<void> {
    try {
      await this.readBack();
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      // A disk that does not answer at all is the writer's business: it ends the process. Where a spare can take the place of this server, an idle
      // one must not wait for that.
      if (this.node.replaceable) this.node.host.exit(`${error.code}: ${error.message}`);
    }
    this.start();
  }

  private async readBack(): Promise<void> {
    const { host, storage, snapshot } = this.node;
    const log = scanRecords(await readAroundDamage(host.disk, LOG));
    if (log.damage !== undefined) {
      host.sometimes(true, 'scrubbing found a damaged log');
      storage.rewriteLog();
    }
    for (const copy of COPIES) {
      if ((await readSealed(host.disk, copy)) !== 'damaged') continue;
      host.sometimes(true, 'scrubbing found a damaged copy of term and vote');
      this.node.saveState();
    }
    if (snapshot !== undefined && (await readSealed(host.disk, SNAPSHOT)) === 'damaged') {
      host.sometimes(true, 'scrubbing found a damaged snapshot');
      storage.saveSnapshot(this.node.snapshot ?? snapshot);
    }
  }
}
