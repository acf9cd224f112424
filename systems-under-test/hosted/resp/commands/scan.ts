import { scanPage } from '../database/scan.ts';
import { failure, notInteger, syntaxError } from '../protocol/errors.ts';
import { globMatches } from '../protocol/glob.ts';
import type { Reply } from '../protocol/reply.ts';
import type { Argv } from '../session.ts';
import { integer, Options } from './arguments.ts';

export interface ScanOptions {
  readonly cursor: bigint;
  readonly count: number;
  readonly pattern: string | null;
  readonly type: string | null;
}

/** `cursor [MATCH pattern] [COUNT n] [TYPE kind]` from a place on. @throws CommandError */
export function scanOptions(argv: Argv, at: number, hasType: boolean): ScanOptions {
  if (!/^[0-9]{1,20}$/.test(argv[at]!)) throw failure('ERR invalid cursor');
  const options = new Options(argv, at + 1);
  let count = 10;
  let pattern: string | null = null;
  let type: string | null = null;
  for (let option = options.next(); option !== null; option = options.next()) {
    if (option === 'count') {
      count = integer(options.value(), notInteger);
      if (count < 1) throw syntaxError();
    } else if (option === 'match') pattern = options.value();
    else if (option === 'type' && hasType) type = options.value().toLowerCase();
    else throw syntaxError();
  }
  return { cursor: BigInt(argv[at]!), count, pattern, type };
}

/** A page of the members of one value: a small one as a whole, as Redis gives it. */
export function scan(
  argv: Argv,
  at: number,
  names: Iterable<string>,
  whole: boolean,
  show: (name: string) => readonly Reply[],
): Reply {
  const { cursor, count, pattern } = scanOptions(argv, at, false);
  const page = whole ? { cursor: '0', names: [...names] } : scanPage(names, cursor, count);
  const shown = page.names.filter((name) => pattern === null || globMatches(pattern, name));
  return [page.cursor, shown.flatMap(show)];
}
