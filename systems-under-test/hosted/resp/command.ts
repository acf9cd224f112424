import type { Context } from './context.ts';
import type { Reply } from './protocol/reply.ts';
import type { Argv } from './session.ts';

export type Run = (context: Context, argv: Argv) => Reply;

/** A command: `argv[0]` is its name. */
export interface Command {
  readonly name: string;
  /** Words including the name; negative: at least so many. */
  readonly arity: number;
  readonly flags: ReadonlySet<string>;
  /** Place of the first key, of the last (negative: from the end), and the step; zeros: no keys. */
  readonly keys: readonly [number, number, number];
  readonly run: Run;
  readonly subcommands: ReadonlyMap<string, Command>;
}

const NO_KEYS = [0, 0, 0] as const;
const NONE: ReadonlyMap<string, Command> = new Map();

const flagSet = (flags: string): ReadonlySet<string> =>
  new Set(flags.split(' ').filter((flag) => flag !== ''));

export function command(
  name: string,
  arity: number,
  flags: string,
  keys: readonly [number, number, number] | null,
  run: Run,
): Command {
  return { name, arity, flags: flagSet(flags), keys: keys ?? NO_KEYS, run, subcommands: NONE };
}

/** A command whose second word says what it does. */
export function container(name: string, subcommands: readonly Command[]): Command {
  return {
    name,
    arity: -2,
    flags: new Set(),
    keys: NO_KEYS,
    run: () => null,
    subcommands: new Map(subcommands.map((one) => [one.name.slice(name.length + 1), one])),
  };
}

export function fitsArity(command: Command, words: number): boolean {
  return command.arity >= 0 ? words === command.arity : words >= -command.arity;
}

/** The keys among the words, by the command's places. */
export function keysOf(command: Command, argv: Argv): string[] {
  const [first, last, step] = command.keys;
  if (first === 0) return [];
  const end = last < 0 ? argv.length + last : last;
  const keys: string[] = [];
  for (let at = first; at <= end && at < argv.length; at += step) keys.push(argv[at]!);
  return keys;
}
