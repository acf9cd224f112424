import type { Context } from '../context.ts';
import { outOfRange, syntaxError } from '../protocol/errors.ts';
import type { Reply } from '../protocol/reply.ts';
import type { Argv } from '../session.ts';
import { integer } from './arguments.ts';

/** Some of the items, each at most once, in random order. */
export function distinct<T>(context: Context, items: readonly T[], count: number): T[] {
  return context.engine.environment.random.shuffle(items).slice(0, count);
}

/**
 * HRANDFIELD and ZRANDMEMBER: `key [count [withWord]]`. Without a count one member or nothing; a positive one distinct members, all of them in
 * order if there are no more; a negative one so many draws.
 */
export function randomMembers(
  context: Context,
  argv: Argv,
  members: readonly string[],
  withWord: 'withvalues' | 'withscores',
  show: (member: string) => Reply,
): Reply {
  const { random } = context.engine.environment;
  if (argv.length === 2) return members.length === 0 ? null : random.pick(members);
  const count = integer(argv[2]!);
  const withValues = argv[3]?.toLowerCase() === withWord;
  if (argv.length > 4 || (argv.length === 4 && !withValues)) throw syntaxError();
  if (withValues && Math.abs(count) > 2 ** 62) throw outOfRange();
  if (members.length === 0 || count === 0) return [];
  const drawn =
    count >= members.length
      ? members
      : count > 0
        ? distinct(context, members, count)
        : Array.from({ length: -count }, () => random.pick(members));
  if (!withValues) return drawn;
  const pairs = drawn.map((member): readonly Reply[] => [member, show(member)]);
  return context.session.version === 3 ? pairs : pairs.flat();
}
