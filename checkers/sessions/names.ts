import type { OperationPair } from '../../histories/index.ts';
import { describeOperation, indicesOf } from '../shared/words.ts';
import { INITIAL, type SessionHistory } from './session-history.ts';

type Operations = Pick<SessionHistory, 'pairs' | 'isWrite' | 'source'>;

/** Gives operations short names, `W1`, `R1`, in the order of first use, so that a proof can speak of them. */
export class Names {
  private readonly history: Operations;
  private readonly names = new Map<number, string>();
  private readonly counts = { W: 0, R: 0 };

  constructor(history: Operations) {
    this.history = history;
  }

  of(operation: number): string {
    let name = this.names.get(operation);
    if (name === undefined) {
      const letter = this.history.isWrite[operation] === 1 ? 'W' : 'R';
      name = `${letter}${++this.counts[letter]}`;
      this.names.set(operation, name);
      // Whoever hears what a read returned wants to know who wrote it.
      const source = letter === 'R' ? this.history.source[operation]! : INITIAL;
      if (source > INITIAL) this.of(source);
    }
    return name;
  }

  /** `W1 is process 0: write x = 1 (0.000 s - 0.010 s); R1 is ...`. */
  definitions(): string {
    return [...this.names]
      .map(([operation, name]) => `${name} is ${describeOperation(this.history.pairs[operation]!)}`)
      .join('; ');
  }

  /** The indices of all that were named, for an anomaly. */
  indices(): number[] {
    return indicesOf(
      [...this.names.keys()].map((operation): OperationPair => this.history.pairs[operation]!),
    );
  }
}
