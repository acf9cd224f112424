import { setFlagsFromString } from 'node:v8';

/**
 * Running all microtasks that are ready, and those that they make ready, synchronously. Works only from a macrotask: inside a
 * microtask Node is already draining.
 *
 * `process._tickCallback` is what Node itself calls after each callback: old, stable and undocumented. Where a runtime lacks it,
 * V8's own checkpoint is used, reached through its natives syntax.
 */
const tickCallback = (process as { _tickCallback?: () => void })._tickCallback;

function checkpointOfV8(): () => void {
  setFlagsFromString('--allow-natives-syntax');
  try {
    return new Function('%PerformMicrotaskCheckpoint()') as () => void;
  } finally {
    setFlagsFromString('--no-allow-natives-syntax');
  }
}

export const drainMicrotasks: () => void =
  tickCallback === undefined ? checkpointOfV8() : tickCallback.bind(process);

/** What Node does with an error that a callback threw: it comes to the handlers of `uncaughtException`, and async hooks are set right. */
const fatal = (process as { _fatalException?: (error: unknown) => boolean })._fatalException;

/** As `drainMicrotasks`, for code that has ticks of its own: what one of them throws is uncaught, and the others still run. */
export function drainTicks(): void {
  for (;;) {
    try {
      drainMicrotasks();
      return;
    } catch (error) {
      if (fatal === undefined) throw error;
      fatal.call(process, error);
    }
  }
}
