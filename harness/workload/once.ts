import type { Generator, GeneratorContext, Request } from '../contract/index.ts';
import { nothing } from './generator.ts';

/** Emits this request once, on any free thread. */
export function once(request: Request): Generator {
  return {
    next: (context) => (context.free.length === 0 ? 'pending' : { emit: request, rest: nothing }),
    update() {
      return this;
    },
  };
}

/**
 * Asks the function for each operation, without end; `undefined` from it ends the generator. The function must be pure: it
 * draws from `context.random`, and the same context must give the same request.
 */
export function generate(request: (context: GeneratorContext) => Request | undefined): Generator {
  return {
    next(context) {
      if (context.free.length === 0) return 'pending';
      const emit = request(context);
      return emit && { emit, rest: this };
    },
    update() {
      return this;
    },
  };
}
