/** As shells report a process that Ctrl-C ended. */
const INTERRUPTED = 130;

const listeners = new Set<() => void>();
let asked = false;

/** Calls this on Ctrl-C or termination; the process then goes on, to report what it has. @returns What takes the listener away. */
export function onInterrupt(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A second signal, or one that nobody listens to, ends the process at once, but leaves nothing behind. */
export function handleSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (asked || listeners.size === 0) process.exit(INTERRUPTED);
      asked = true;
      for (const listener of listeners) listener();
    });
  }
}
