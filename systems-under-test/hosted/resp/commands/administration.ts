import { type Command, command, container, fitsArity, keysOf } from '../command.ts';
import type { Context } from '../context.ts';
import { failure, wrongArity } from '../protocol/errors.ts';
import { globMatches } from '../protocol/glob.ts';
import { OK, Pairs, type Reply, Status, Unordered, Verbatim } from '../protocol/reply.ts';
import { snapshot } from '../replication/snapshot.ts';
import type { Argv } from '../session.ts';
import { normalise, refusal } from '../settings.ts';
import { information } from './information.ts';

function configGet({ engine }: Context, [, , ...patterns]: Argv): Reply {
  const found = [...engine.settings].filter(([name]) =>
    patterns.some((pattern) => globMatches(pattern.toLowerCase(), name)),
  );
  return new Pairs(found.flat());
}

function configSet({ engine }: Context, argv: Argv): Reply {
  const words = argv.slice(2);
  if (words.length % 2 !== 0) throw wrongArity('config|set');
  const changes = new Map<string, string>();
  for (let at = 0; at < words.length; at += 2) {
    const [name, value] = [words[at]!.toLowerCase(), words[at + 1]!];
    if (!engine.settings.has(name))
      throw failure(`ERR Unknown option or number of arguments for CONFIG SET - '${words[at]}'`);
    const wrong = refusal(name, value);
    if (wrong !== null)
      throw failure(`ERR CONFIG SET failed (possibly related to argument '${words[at]}') - ${wrong}`);
    changes.set(name, normalise(name, value));
  }
  for (const [name, value] of changes) engine.settings.set(name, value);
  return OK;
}

function describe(one: Command): Reply {
  return [
    one.name,
    one.arity,
    new Unordered([...one.flags].map((flag) => new Status(flag))),
    ...one.keys,
    new Unordered([]),
    new Unordered([]),
    new Unordered([]),
    [...one.subcommands.values()].map(describe),
  ];
}

function getKeys({ engine }: Context, [, , ...words]: Argv): Reply {
  const called = engine.commands.get(words[0]!.toLowerCase());
  if (called === undefined) throw failure('ERR Invalid command specified');
  if (!fitsArity(called, words.length))
    throw failure('ERR Invalid number of arguments specified for command');
  const keys = keysOf(called, words);
  if (keys.length === 0) throw failure('ERR The command has no key arguments');
  return keys;
}

const ADMIN = 'admin noscript loading stale';
const PLAIN = 'loading stale';

export const ADMINISTRATION: readonly Command[] = [
  container('config', [
    command('config|get', -3, ADMIN, null, configGet),
    command('config|set', -4, ADMIN, null, configSet),
    command('config|resetstat', 2, ADMIN, null, () => OK),
    command('config|rewrite', 2, ADMIN, null, ({ engine }) => {
      if (engine.saveConfiguration === null) throw failure('ERR The server is running without a config file');
      engine.saveConfiguration();
      return OK;
    }),
  ]),
  {
    ...container('command', [
      command('command|count', 2, PLAIN, null, ({ engine }) => engine.commands.size),
      command('command|list', -2, PLAIN, null, ({ engine }) => new Unordered([...engine.commands.keys()])),
      command('command|info', -2, PLAIN, null, ({ engine }, [, , ...names]) =>
        (names.length === 0 ? [...engine.commands.keys()] : names).map((name) => {
          const found = engine.commands.get(name.toLowerCase());
          return found === undefined ? null : describe(found);
        }),
      ),
      command('command|docs', -2, PLAIN, null, () => new Pairs([])),
      command('command|getkeys', -4, PLAIN, null, getKeys),
    ]),
    arity: -1,
    run: ({ engine }) => [...engine.commands.values()].map(describe),
  },
  command(
    'info',
    -1,
    PLAIN,
    null,
    (context, [, ...sections]) => new Verbatim(information(context, sections)),
  ),
  command('time', 1, `${PLAIN} fast`, null, ({ engine }) => {
    const now = engine.environment.now();
    return [String(Math.floor(now / 1_000_000)), String(now % 1_000_000)];
  }),
  command('bgrewriteaof', 1, ADMIN, null, ({ engine }) => {
    engine.log?.replace(snapshot(engine));
    return new Status('Background append only file rewriting started');
  }),
  command('lastsave', 1, `${PLAIN} fast`, null, ({ engine }) => Math.floor(engine.startedAt / 1000)),
  container('memory', [
    command('memory|usage', -3, 'readonly', [2, 2, 1], (context, [, , key]) =>
      context.database.has(key!) ? 64 : null,
    ),
    command('memory|doctor', 2, '', null, () => new Verbatim('This server does not measure its memory.')),
  ]),
  container('slowlog', [
    command('slowlog|get', -2, ADMIN, null, () => []),
    command('slowlog|len', 2, ADMIN, null, () => 0),
    command('slowlog|reset', 2, ADMIN, null, () => OK),
  ]),
  container('latency', [
    command('latency|latest', 2, ADMIN, null, () => []),
    command('latency|reset', -2, ADMIN, null, () => 0),
  ]),
  container('acl', [
    command('acl|whoami', 2, PLAIN, null, () => 'default'),
    command('acl|list', 2, ADMIN, null, () => ['user default on nopass sanitize-payload ~* &* +@all']),
    command('acl|users', 2, ADMIN, null, () => ['default']),
  ]),
  container('cluster', [
    command('cluster|info', 2, PLAIN, null, () => {
      throw failure('ERR This instance has cluster support disabled');
    }),
    command('cluster|slots', 2, PLAIN, null, () => {
      throw failure('ERR This instance has cluster support disabled');
    }),
    command('cluster|shards', 2, PLAIN, null, () => {
      throw failure('ERR This instance has cluster support disabled');
    }),
  ]),
];
