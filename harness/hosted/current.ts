import { Leak } from './leak.ts';

/** What is shared by all hosts of a process asks this for the one whose code runs now. */
export interface Speaker {
  readonly host: { readonly name: string };
  /** Milliseconds since 1970 by the host's clock. Reading it takes a little CPU time. */
  wall(): number;
  /** Milliseconds since the process started. */
  sinceStart(): number;
  /** The folder that relative paths are of. */
  cwd(): string;
  /** Uniform in [0, 1), 53 bits. */
  fraction(): number;
  /** Fills with random bytes. */
  fill(bytes: Uint8Array): void;
  /** Node warns of something that the program does. */
  warn(warning: Error): void;
  /** The first leak of the run, kept until the event is over. */
  leak: Leak | undefined;
  /** An error was uncaught in this event: Node then makes an immediate that does nothing, to keep its loop going. */
  readonly troubled: boolean;
}

/** The program whose code runs now; undefined while the harness or another system's code does. */
let speaker: Speaker | undefined;

export function current(): Speaker | undefined {
  return speaker;
}

export function setCurrent(next: Speaker | undefined): void {
  speaker = next;
}

/** Remembers that the running program left its world; does nothing outside of programs. */
export function noteLeak(call: string, remedy: string): Leak | undefined {
  if (speaker === undefined) return undefined;
  const leak = new Leak(call, speaker.host.name, remedy);
  speaker.leak ??= leak;
  return leak;
}

/** @throws Leak, always; the run ends with it even if the program catches it. */
export function refuse(call: string, remedy: string): never {
  throw noteLeak(call, remedy) ?? new Leak(call, 'unknown', remedy);
}
