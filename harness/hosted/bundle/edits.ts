import { HostedMistake } from '../mistake.ts';

/** A change of a few lines in memory, of a package or of the program's own file: a bug planted in code that one does not own. */
export interface Edit {
  /** By the end of its path: `redlock/redlock.js`. */
  readonly file: string;
  /** Text that the file has exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** The edits of one bundle, and which of them met their file. */
export class Edits {
  private readonly edits: readonly Edit[];
  private readonly met = new Set<Edit>();

  constructor(edits: readonly Edit[]) {
    this.edits = edits;
  }

  /** @throws HostedMistake where the text is not there, or more than once: the package has another version, say. */
  applied(path: string, source: string): string {
    const named = path.replaceAll('\\', '/');
    let text = source;
    for (const edit of this.edits) {
      if (!named.endsWith(`/${edit.file}`)) continue;
      const found = text.split(edit.find).length - 1;
      if (found !== 1)
        throw new HostedMistake(
          'edit',
          `${edit.file}: expected the text of an edit once, found it ${found} times: ${JSON.stringify(edit.find)}`,
        );
      text = text.replace(edit.find, () => edit.replace);
      this.met.add(edit);
    }
    return text;
  }

  get used(): ReadonlySet<Edit> {
    return this.met;
  }
}
