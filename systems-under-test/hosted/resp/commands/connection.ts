import { type Command, command } from '../command.ts';
import type { Context } from '../context.ts';
import { failure, syntaxError, wrongArity } from '../protocol/errors.ts';
import { OK, Pairs, type Reply, Status } from '../protocol/reply.ts';
import type { Argv } from '../session.ts';
import { int64, integer, Options } from './arguments.ts';
import { isClientName, wrongClientName } from './client.ts';
import { REDIS_VERSION } from './information.ts';
import { endTransaction } from './transactions.ts';

const ANYTIME = 'noscript loading stale fast no_auth allow_busy';

function authenticate(context: Context, name: string, password: string): void {
  const wanted = context.engine.settings.get('requirepass');
  if (name !== 'default' || (wanted !== '' && password !== wanted))
    throw failure('WRONGPASS invalid username-password pair or user is disabled.');
  context.session.authenticated = true;
}

function auth(context: Context, argv: Argv): Reply {
  if (argv.length > 3) throw syntaxError();
  if (argv.length === 2 && context.engine.settings.get('requirepass') === '')
    throw failure(
      'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
    );
  authenticate(context, argv.length === 3 ? argv[1]! : 'default', argv[argv.length - 1]!);
  return OK;
}

function hello(context: Context, argv: Argv): Reply {
  const { session, engine } = context;
  let version = session.version;
  const options = new Options(argv, 2);
  if (argv.length > 1) {
    const asked = int64(argv[1]!, () => failure('ERR Protocol version is not an integer or out of range'));
    if (asked !== 2n && asked !== 3n) throw failure('NOPROTO unsupported protocol version');
    version = asked === 2n ? 2 : 3;
  }
  let credentials: readonly [string, string] | null = null;
  let name: string | null = null;
  for (let at = 2; options.left > 0; at = argv.length - options.left) {
    const option = options.value().toLowerCase();
    if (option === 'auth' && options.left >= 2) credentials = [options.value(), options.value()];
    else if (option === 'setname' && options.left >= 1) {
      name = options.value();
      if (!isClientName(name)) throw wrongClientName();
    } else throw failure(`ERR Syntax error in HELLO option '${argv[at]}'`);
  }
  if (credentials !== null) authenticate(context, ...credentials);
  if (!session.authenticated)
    throw failure(
      'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time',
    );
  if (name !== null) session.name = name;
  session.version = version;
  return new Pairs([
    'server',
    'redis',
    'version',
    REDIS_VERSION,
    'proto',
    version,
    'id',
    session.id,
    'mode',
    'standalone',
    'role',
    engine.replication.isPrimary ? 'master' : 'replica',
    'modules',
    [],
  ]);
}

export const CONNECTION: readonly Command[] = [
  command('ping', -1, 'fast', null, ({ session }, argv) => {
    if (argv.length > 2) throw wrongArity('ping');
    if (session.isSubscribed && session.version === 2) return ['pong', argv[1] ?? ''];
    return argv[1] ?? new Status('PONG');
  }),
  command('echo', 2, 'loading stale fast', null, (_, [, text]) => text!),
  command('select', 2, 'loading stale fast', null, ({ session, engine }, [, index]) => {
    const at = integer(index!, () => failure('ERR value is not an integer or out of range'));
    if (at < 0 || at >= engine.databases.length) throw failure('ERR DB index is out of range');
    session.database = at;
    return OK;
  }),
  command('auth', -2, ANYTIME, null, auth),
  command('hello', -1, ANYTIME, null, hello),
  command('quit', -1, ANYTIME, null, ({ session }) => {
    session.closing = true;
    return OK;
  }),
  command('reset', 1, ANYTIME, null, (context) => {
    const { session, engine } = context;
    endTransaction(context);
    engine.pubsub.leave(session);
    session.version = 2;
    session.database = 0;
    session.name = '';
    session.replyMode = 'on';
    session.authenticated = engine.settings.get('requirepass') === '';
    return new Status('RESET');
  }),
];
