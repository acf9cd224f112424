import type { BuiltinContext } from '../context.ts';
import { nodeError } from '../errors.ts';
import type { Dirent } from './stats.ts';

type Answer = (error: Error | null, entry?: Dirent | null) => void;

/** `fs.Dir`: what was in the folder when it was opened, one by one. */
export class Dir {
  readonly path: string;
  private readonly context: BuiltinContext;
  private readonly entries: readonly Dirent[];
  private next = 0;
  private closed = false;

  constructor(context: BuiltinContext, path: string, entries: readonly Dirent[]) {
    this.context = context;
    this.path = path;
    this.entries = entries;
    for (const name of ['context', 'entries', 'next', 'closed'])
      Object.defineProperty(this, name, { enumerable: false });
  }

  readSync(): Dirent | null {
    if (this.closed) throw nodeError('ERR_DIR_CLOSED', 'Directory handle was closed');
    return this.entries[this.next++] ?? null;
  }

  read(answer?: Answer): Promise<Dirent | null> | undefined {
    return this.told(() => this.readSync(), answer);
  }

  closeSync(): void {
    if (this.closed) throw nodeError('ERR_DIR_CLOSED', 'Directory handle was closed');
    this.closed = true;
  }

  close(answer?: Answer): Promise<null> | undefined {
    const close = (): null => {
      this.closeSync();
      return null;
    };
    return this.told(close, answer);
  }

  private told<T extends Dirent | null>(get: () => T, answer: Answer | undefined): Promise<T> | undefined {
    if (answer === undefined) {
      return new this.context.Promise((resolve, reject) => {
        this.context.tick(() => {
          try {
            resolve(get());
          } catch (error) {
            reject(error);
          }
        });
      });
    }
    const got = get();
    this.context.tick(() => answer(null, got));
    return undefined;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Dirent> {
    try {
      for (let entry = this.readSync(); entry !== null; entry = this.readSync()) yield entry;
    } finally {
      this.closed = true;
    }
  }
}
