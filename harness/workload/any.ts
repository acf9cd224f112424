import type { Generator, Nanos } from '../contract/index.ts';

/** Whichever has something first; the earlier in the list at a tie. All of them hear of all events. */
export function any(...generators: readonly Generator[]): Generator {
  return {
    next(context) {
      let state = generators;
      let pending = false;
      let wait: Nanos | undefined;
      for (let at = 0; at < generators.length; at++) {
        const next = generators[at]!.next(context);
        if (next === undefined) continue;
        if (next === 'pending') pending = true;
        else if ('wait' in next) {
          wait = Math.min(wait ?? next.wait, next.wait);
          state = state.with(at, next.rest);
        } else if ((next.emit.time ?? 0) <= context.time) {
          return { emit: next.emit, rest: any(...state.with(at, next.rest)) };
        } else wait = Math.min(wait ?? next.emit.time!, next.emit.time!);
      }
      if (wait !== undefined) return { wait, rest: any(...state) };
      return pending ? 'pending' : undefined;
    },
    update(event, context) {
      let changed = false;
      const then = generators.map((generator) => {
        const after = generator.update(event, context);
        changed ||= after !== generator;
        return after;
      });
      return changed ? any(...then) : this;
    },
  };
}
