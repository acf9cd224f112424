import { type Command, command, container } from '../command.ts';
import type { Context } from '../context.ts';
import { failure, syntaxError } from '../protocol/errors.ts';
import { ErrorReply, NO_REPLY, OK, type Reply, Verbatim } from '../protocol/reply.ts';
import type { Argv, Session } from '../session.ts';
import { integer, Options } from './arguments.ts';

/** No blanks and no line breaks: CLIENT LIST is a text. */
export const isClientName = (name: string): boolean => /^[!-~]*$/.test(name);
export const wrongClientName = (): Error =>
  failure('ERR Client names cannot contain spaces, newlines or special characters.');

function flagsOf(session: Session): string {
  let flags = '';
  if (session.replicaPort !== null) flags += 'S';
  if (session.isSubscribed) flags += 'P';
  if (session.queue !== null) flags += 'x';
  if (session.wait !== null) flags += 'b';
  if (session.watchBroken) flags += 'd';
  return flags === '' ? 'N' : flags;
}

function describe(session: Session, now: number): string {
  const fields: readonly (readonly [string, string | number])[] = [
    ['id', session.id],
    ['addr', session.address],
    ['laddr', '127.0.0.1:6379'],
    ['fd', session.id + 7],
    ['name', session.name],
    ['age', Math.floor((now - session.connectedAt) / 1000)],
    ['idle', Math.floor((now - session.lastActive) / 1000)],
    ['flags', flagsOf(session)],
    ['db', session.database],
    ['sub', session.channels.size],
    ['psub', session.patterns.size],
    ['ssub', session.shardChannels.size],
    ['multi', session.queue === null ? -1 : session.queue.length],
    ['cmd', session.lastCommand],
    ['user', 'default'],
    ['redir', -1],
    ['resp', session.version],
    ['lib-name', session.library.name],
    ['lib-ver', session.library.version],
  ];
  return fields.map(([name, value]) => `${name}=${value}`).join(' ');
}

const typeOf = (session: Session): string =>
  session.replicaPort !== null ? 'replica' : session.isSubscribed ? 'pubsub' : 'normal';

function list({ engine, now }: Context, argv: Argv): Reply {
  let sessions = [...engine.sessions.values()];
  const option = argv[2]?.toLowerCase();
  if (option === 'type' && argv.length === 4) {
    const type = argv[3]!.toLowerCase();
    if (!['normal', 'master', 'replica', 'slave', 'pubsub'].includes(type))
      throw failure(`ERR Unknown client type '${argv[3]}'`);
    sessions = sessions.filter((session) => typeOf(session) === (type === 'slave' ? 'replica' : type));
  } else if (option === 'id' && argv.length > 3) {
    const ids = argv.slice(3).map((text) => integer(text, () => failure('ERR Invalid client ID')));
    sessions = sessions.filter(({ id }) => ids.includes(id));
  } else if (option !== undefined) throw syntaxError();
  return new Verbatim(sessions.map((session) => `${describe(session, now)}\n`).join(''));
}

/** CLIENT KILL `address`, or by ID, ADDR, TYPE and SKIPME. */
function kill({ engine, session: self }: Context, argv: Argv): Reply {
  const end = (session: Session): void => {
    session.closing = true;
  };
  if (argv.length === 3) {
    const found = [...engine.sessions.values()].filter(({ address }) => address === argv[2]);
    if (found.length === 0) throw failure('ERR No such client');
    for (const session of found) end(session);
    return OK;
  }
  const options = new Options(argv, 2);
  const tests: ((session: Session) => boolean)[] = [];
  let skipSelf = true;
  for (let option = options.next(); option !== null; option = options.next()) {
    const value = options.value();
    if (option === 'id') {
      const id = integer(value, () => failure('ERR client-id should be greater than 0'));
      tests.push((session) => session.id === id);
    } else if (option === 'addr') tests.push((session) => session.address === value);
    else if (option === 'type') tests.push((session) => typeOf(session) === value.toLowerCase());
    else if (option === 'user') tests.push(() => value === 'default');
    else if (option === 'skipme') skipSelf = value.toLowerCase() === 'yes';
    else throw syntaxError();
  }
  const killed = [...engine.sessions.values()].filter(
    (session) => tests.every((test) => test(session)) && !(skipSelf && session === self),
  );
  for (const session of killed) end(session);
  return killed.length;
}

function unblock({ engine }: Context, [, , idText, how]: Argv): Reply {
  const id = integer(idText!);
  const reason = how?.toLowerCase() ?? 'timeout';
  if (reason !== 'timeout' && reason !== 'error')
    throw failure('ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR');
  const session = engine.sessions.get(id);
  if (session?.wait == null) return 0;
  const reply =
    reason === 'error'
      ? new ErrorReply('UNBLOCKED client unblocked via CLIENT UNBLOCK')
      : session.wait.blocked.otherwise();
  engine.waiting.end(session, reply);
  return 1;
}

function setReplyMode({ session }: Context, word: string): Reply {
  switch (word.toLowerCase()) {
    case 'on':
      session.replyMode = 'on';
      return OK;
    case 'off':
      session.replyMode = 'off';
      return NO_REPLY;
    case 'skip':
      if (session.replyMode === 'on') session.replyMode = 'skip-next';
      return NO_REPLY;
    default:
      throw syntaxError();
  }
}

const PLAIN = 'noscript loading stale';

export const CLIENT: Command = container('client', [
  command('client|id', 2, PLAIN, null, ({ session }) => session.id),
  command('client|getname', 2, PLAIN, null, ({ session }) => (session.name === '' ? null : session.name)),
  command('client|setname', 3, PLAIN, null, ({ session }, [, , name]) => {
    if (!isClientName(name!)) throw wrongClientName();
    session.name = name!;
    return OK;
  }),
  command('client|setinfo', 4, PLAIN, null, ({ session }, [, , option, value]) => {
    const field = option!.toLowerCase();
    if (field !== 'lib-name' && field !== 'lib-ver') throw failure(`ERR Unrecognized option '${option}'`);
    if (!isClientName(value!))
      throw failure(`ERR ${field} cannot contain spaces, newlines or special characters.`);
    session.library = { ...session.library, [field === 'lib-name' ? 'name' : 'version']: value! };
    return OK;
  }),
  command('client|list', -2, PLAIN, null, list),
  command('client|info', 2, PLAIN, null, ({ session, now }) => new Verbatim(`${describe(session, now)}\n`)),
  command('client|kill', -3, PLAIN, null, kill),
  command('client|unblock', -3, PLAIN, null, unblock),
  command('client|reply', 3, PLAIN, null, (context, [, , word]) => setReplyMode(context, word!)),
  command('client|no-evict', 3, PLAIN, null, (_, [, , word]) => {
    if (!/^(?:on|off)$/i.test(word!)) throw syntaxError();
    return OK;
  }),
]);
