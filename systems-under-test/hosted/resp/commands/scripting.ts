import { type Command, command, container } from '../command.ts';
import type { Context } from '../context.ts';
import { findCommand } from '../dispatch.ts';
import type { Script } from '../lua/script.ts';
import { sha1 } from '../lua/sha1.ts';
import { LuaError } from '../lua/values.ts';
import { CommandError, failure, syntaxError } from '../protocol/errors.ts';
import { Blocked, ErrorReply, OK, type Reply } from '../protocol/reply.ts';
import type { Argv } from '../session.ts';
import { integer } from './arguments.ts';

function load(context: Context, source: string): Script {
  const { scripts, interpreter } = context.engine;
  const sha = sha1(source);
  const known = scripts.get(sha);
  if (known !== undefined) return known;
  try {
    const script = interpreter.compile(sha, source);
    scripts.set(sha, script);
    return script;
  } catch (error) {
    if (!(error instanceof LuaError)) throw error;
    throw failure(`ERR Error compiling script (new function): ${error.message}`);
  }
}

/** A command that a script calls: checked anew, as it does not come from the connection. */
function callFromScript(context: Context, argv: Argv, readOnly: boolean): Reply {
  const { engine, session } = context;
  let called: Command;
  try {
    called = findCommand(engine, argv);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const known = engine.commands.has(argv[0]!.toLowerCase());
    return new ErrorReply(
      known
        ? 'ERR Wrong number of args calling Redis command from script'
        : 'ERR Unknown Redis command called from script',
    );
  }
  if (called.flags.has('noscript'))
    return new ErrorReply('ERR This Redis command is not allowed from script');
  if (called.flags.has('write')) {
    if (readOnly) return new ErrorReply('ERR Write commands are not allowed from read-only scripts.');
    if (!engine.replication.isPrimary && !session.trusted)
      return new ErrorReply("READONLY You can't write against a read only replica.");
    if (!engine.replication.hasEnoughReplicas)
      return new ErrorReply('NOREPLICAS Not enough good replicas to write.');
  }
  const reply = engine.run(session, called, argv, true);
  return reply instanceof Blocked ? reply.otherwise() : reply;
}

function evaluate(readOnly: boolean, find: (context: Context, word: string) => Script) {
  return (context: Context, argv: Argv): Reply => {
    const count = integer(argv[2]!);
    if (count > argv.length - 3) throw failure("ERR Number of keys can't be greater than number of args");
    if (count < 0) throw failure("ERR Number of keys can't be negative");
    const script = find(context, argv[1]!);
    const { session } = context;
    const { database, version } = session;
    const host = {
      version: 2 as 2 | 3,
      call: (words: Argv) => callFromScript(context, words, readOnly || script.flags.has('no-writes')),
    };
    // Commands answer in the script's own version of the protocol, and its SELECT ends with it.
    session.version = 2;
    const reply = context.engine.interpreter.run(script, argv.slice(3, 3 + count), argv.slice(3 + count), {
      get version() {
        return host.version;
      },
      set version(wanted) {
        host.version = wanted;
        session.version = wanted;
      },
      call: host.call,
    });
    session.version = version;
    session.database = database;
    return reply;
  };
}

const noScript = (): Error => failure('NOSCRIPT No matching script. Please use EVAL.');

function cached(context: Context, sha: string): Script {
  const script = context.engine.scripts.get(sha.toLowerCase());
  if (script === undefined) throw noScript();
  return script;
}

const FLAGS = 'noscript stale skip_monitor movablekeys';

export const SCRIPTING: readonly Command[] = [
  command('eval', -3, FLAGS, null, evaluate(false, load)),
  command('evalsha', -3, FLAGS, null, evaluate(false, cached)),
  command('eval_ro', -3, `${FLAGS} readonly`, null, evaluate(true, load)),
  command('evalsha_ro', -3, `${FLAGS} readonly`, null, evaluate(true, cached)),
  container('script', [
    command('script|load', 3, 'noscript stale', null, (context, [, , source]) => load(context, source!).sha),
    command('script|exists', -3, 'noscript', null, ({ engine }, [, , ...names]) =>
      names.map((sha) => Number(engine.scripts.has(sha.toLowerCase()))),
    ),
    command('script|flush', -2, 'noscript', null, ({ engine }, argv) => {
      const mode = argv[2]?.toLowerCase();
      if (argv.length > 3 || (mode !== undefined && mode !== 'sync' && mode !== 'async'))
        throw argv.length > 3 ? syntaxError() : failure('ERR SCRIPT FLUSH only support SYNC|ASYNC option');
      engine.scripts.clear();
      return OK;
    }),
    command('script|kill', 2, 'noscript allow_busy', null, () => {
      throw failure('NOTBUSY No scripts in execution right now.');
    }),
  ]),
];
