import { Console } from 'node:console';
import type { Writable } from 'node:stream';

/** `console` of a program: what it prints goes to the program's own output, the times that it measures are virtual. */
export function simulatedConsole(
  { stdout, stderr }: { readonly stdout: Writable; readonly stderr: Writable },
  sinceStart: () => number,
): object {
  const own = new Console({ stdout, stderr, colorMode: false });
  const started = new Map<string, number>();
  const say = (label: string, more: unknown[]): void => {
    const since = started.get(label);
    if (since !== undefined) own.log(`${label}: ${(sinceStart() - since).toFixed(3)}ms`, ...more);
  };
  return Object.assign(own, {
    Console,
    time: (label = 'default') => void started.set(label, sinceStart()),
    timeLog: (label = 'default', ...more: unknown[]) => say(label, more),
    timeEnd(label = 'default') {
      say(label, []);
      started.delete(label);
    },
    timeStamp() {},
    profile() {},
    profileEnd() {},
  });
}
