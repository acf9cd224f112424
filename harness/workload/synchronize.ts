import type { Generator } from '../contract/index.ts';
import { concat } from './concat.ts';

/** Begins when no thread has an open operation. */
export function synchronize(generator: Generator): Generator {
  return {
    next: (context) => (context.idle.length < context.threads.length ? 'pending' : generator.next(context)),
    update(event, context) {
      const then = generator.update(event, context);
      return then === generator ? this : synchronize(then);
    },
  };
}

/** One after another, each beginning when all operations of the one before are complete. */
export function phases(...generators: readonly Generator[]): Generator {
  return concat(...generators.map(synchronize));
}
