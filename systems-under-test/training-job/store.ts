import { type Disk, type Host, HostError, type Json } from '../../harness/contract/index.ts';
import { loadSealed, seal } from '../shared/sealed.ts';
import { initialState } from './model.ts';
import type { TrainingOptions } from './options.ts';

type Fields = { readonly [name: string]: Json };
type Slice = { readonly step: number; readonly words: readonly number[] };

const MANIFEST = 'manifest';
const SLICE = 'slice-';

/**
 * Keeps checkpoints on disk. A slice is written under the name of its step, whole or not at all; a checkpoint is one when the manifest names
 * its step, which is written last. So there is always one that is whole, whenever the power fails.
 */
export class CheckpointStore {
  private readonly disk: Disk;
  private readonly options: TrainingOptions;
  private readonly host: Host;

  constructor(host: Host, options: TrainingOptions) {
    this.host = host;
    this.disk = host.disk;
    this.options = options;
  }

  start(): void {
    this.host.network.onRequest((message) => {
      const fields = message as Fields;
      if (fields.f === 'load') return this.load();
      return fields.f === 'put' ? this.put(fields) : this.commit(fields.step as number);
    });
  }

  private file(step: number, rank: number): string {
    return this.options.flaw === 'written-in-place' ? `${SLICE}${rank}` : `${SLICE}${step}-${rank}`;
  }

  private async put({ step, rank, slice }: Fields): Promise<Json> {
    const bytes = seal({ step: step!, words: slice! });
    const file = this.file(step as number, rank as number);
    if (this.options.flaw === 'written-in-place') await this.disk.write(file, 0, bytes);
    else await this.disk.replace(file, bytes, { sync: true });
    return { type: 'ok' };
  }

  /** Everything older is of no use any more. */
  private async commit(step: number): Promise<Json> {
    await this.disk.replace(MANIFEST, seal({ step }), { sync: true });
    for (const file of await this.disk.list()) {
      const other = /^slice-(\d+)-/.exec(file)?.[1];
      if (other !== undefined && Number(other) < step) await this.disk.remove(file);
    }
    return { type: 'ok' };
  }

  /** The state of the last checkpoint; the initial one if there is none that can be read. */
  private async load(): Promise<Json> {
    const { words, workers } = this.options;
    try {
      const manifest = loadSealed(await this.disk.read(MANIFEST), MANIFEST) as { step: number } | undefined;
      if (manifest !== undefined) {
        const slices: Slice[] = [];
        for (let rank = 0; rank < workers; rank++) slices.push(await this.slice(manifest.step, rank));
        return { step: manifest.step, state: slices.flatMap((slice) => slice.words) };
      }
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      this.host.note('unreadable', error.code);
    }
    return { step: 0, state: initialState(words) };
  }

  private async slice(step: number, rank: number): Promise<Slice> {
    let file = this.file(step, rank);
    if (this.options.flaw === 'mixed-steps') {
      const mine = (await this.disk.list()).filter(
        (each) => each.startsWith(SLICE) && each.endsWith(`-${rank}`),
      );
      const stepOf = (each: string) => Number(/\d+/.exec(each)![0]);
      file = mine.sort((a, b) => stepOf(b) - stepOf(a))[0] ?? file;
    }
    return loadSealed(await this.disk.read(file), file) as Slice;
  }
}
