import { type Command, fitsArity } from './command.ts';
import type { Engine } from './engine.ts';
import { failure, unknownSubcommand, wrongArity } from './protocol/errors.ts';
import { Blocked, ErrorReply, QUEUED, type Reply } from './protocol/reply.ts';
import type { Argv, Session } from './session.ts';

/** What an error message shows of the words that came. */
const SHOWN = 128;

/** Those that are carried out within MULTI, not queued. */
const NOT_QUEUED = new Set(['exec', 'discard', 'multi', 'watch', 'quit', 'reset']);
/** Those that a subscribed session of RESP2 may use. */
const WHILE_SUBSCRIBED = new Set([
  'subscribe',
  'unsubscribe',
  'psubscribe',
  'punsubscribe',
  'ssubscribe',
  'sunsubscribe',
  'ping',
  'quit',
  'reset',
]);

function unknownCommand(argv: Argv): Error {
  let shown = '';
  for (const word of argv.slice(1)) {
    if (shown.length >= SHOWN) break;
    shown += `'${word.slice(0, SHOWN - shown.length)}' `;
  }
  return failure(`ERR unknown command '${argv[0]!.slice(0, SHOWN)}', with args beginning with: ${shown}`);
}

/** The command or subcommand that these words call. @throws CommandError: unknown, or with too few or too many words. */
export function findCommand(engine: Engine, argv: Argv): Command {
  const name = argv[0]!.toLowerCase();
  let command = engine.commands.get(name);
  if (command === undefined) throw unknownCommand(argv);
  if (command.subcommands.size > 0 && argv.length > 1) {
    command = command.subcommands.get(argv[1]!.toLowerCase());
    if (command === undefined) throw unknownSubcommand(name, argv[1]!);
  }
  if (!fitsArity(command, argv.length)) throw wrongArity(command.name);
  return command;
}

/** Why a session may not run the command now; null if it may. */
function refusal(engine: Engine, session: Session, command: Command): string | null {
  const { name, flags } = command;
  if (session.trusted) return null;
  if (!session.authenticated && !flags.has('no_auth')) return 'NOAUTH Authentication required.';
  if (session.queue !== null && flags.has('no_multi')) return 'ERR Command not allowed inside a transaction';
  if (flags.has('write')) {
    const readOnly = !engine.replication.isPrimary && engine.settings.get('replica-read-only') === 'yes';
    if (engine.writesRefused !== null) return engine.writesRefused;
    if (readOnly) return "READONLY You can't write against a read only replica.";
    if (!engine.replication.hasEnoughReplicas) return 'NOREPLICAS Not enough good replicas to write.';
  }
  if (session.isSubscribed && session.version === 2 && !WHILE_SUBSCRIBED.has(name))
    return `ERR Can't execute '${name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`;
  return null;
}

/** A command from a connection: checked, then queued or carried out, and answered. */
export function dispatch(engine: Engine, session: Session, argv: Argv): void {
  if (session.replyMode === 'skip-next') session.replyMode = 'skip-this';
  const reply = engine.unit(() => {
    engine.hidesDue = !session.trusted;
    try {
      return carryOut(engine, session, argv);
    } finally {
      engine.hidesDue = true;
    }
  });
  if (session.lastWriteOffset < 0) session.lastWriteOffset = engine.replication.offset;
  if (!(reply instanceof Blocked)) session.send(reply);
  if (session.replyMode === 'skip-this') session.replyMode = 'on';
}

function carryOut(engine: Engine, session: Session, argv: Argv): Reply {
  session.lastActive = engine.now;
  let command: Command;
  try {
    command = findCommand(engine, argv);
  } catch (error) {
    session.queueFailed ||= session.queue !== null;
    return new ErrorReply((error as Error).message);
  }
  session.lastCommand = command.name;
  const refused = refusal(engine, session, command);
  if (refused !== null) {
    if (command.name === 'exec') {
      session.queue = null;
      session.queueFailed = false;
      engine.unwatch(session);
      return new ErrorReply(
        `EXECABORT Transaction discarded because of: ${refused.slice(refused.indexOf(' ') + 1)}`,
      );
    }
    session.queueFailed ||= session.queue !== null;
    return new ErrorReply(refused);
  }
  if (session.queue !== null && !NOT_QUEUED.has(command.name)) {
    session.queue.push(argv);
    return QUEUED;
  }
  const reply = engine.run(session, command, argv, false);
  if (reply instanceof Blocked) engine.waiting.begin(session, command.name, reply);
  return reply;
}
