import { type Command, command } from '../command.ts';
import type { Context } from '../context.ts';
import { findCommand } from '../dispatch.ts';
import { failure } from '../protocol/errors.ts';
import { ErrorReply, NIL_ARRAY, OK, type Reply } from '../protocol/reply.ts';
import type { Session } from '../session.ts';

/** Ends the transaction: nothing is queued or watched any more. */
export function endTransaction(context: Context): void {
  const { session } = context;
  session.queue = null;
  session.queueFailed = false;
  context.engine.unwatch(session);
}

/** Whether a key that was there when it was watched has gone by its time since. */
function hasExpired(context: Context, session: Session): boolean {
  return session.watched.some(({ database, key, expired }) => {
    const at = context.engine.databases[database]!;
    return !expired && at.isExpired(key);
  });
}

function execute(context: Context): Reply {
  const { session, engine } = context;
  const { queue } = session;
  if (queue === null) throw failure('ERR EXEC without MULTI');
  const failed = session.queueFailed;
  const broken = session.watchBroken || hasExpired(context, session);
  endTransaction(context);
  if (failed) throw failure('EXECABORT Transaction discarded because of previous errors.');
  if (broken) return NIL_ARRAY;
  return queue.map((argv) => {
    const command = findCommand(engine, argv);
    if (command.flags.has('write') && !engine.replication.isPrimary && !session.trusted)
      return new ErrorReply("READONLY You can't write against a read only replica.");
    return engine.run(session, command, argv, true);
  });
}

export const TRANSACTIONS: readonly Command[] = [
  command('multi', 1, 'noscript loading stale fast allow_busy', null, ({ session }) => {
    if (session.queue !== null) throw failure('ERR MULTI calls can not be nested');
    session.queue = [];
    return OK;
  }),
  command('exec', 1, 'noscript loading stale skip_slowlog', null, execute),
  command('discard', 1, 'noscript loading stale fast allow_busy', null, (context) => {
    if (context.session.queue === null) throw failure('ERR DISCARD without MULTI');
    endTransaction(context);
    return OK;
  }),
  command(
    'watch',
    -2,
    'noscript loading stale fast allow_busy',
    [1, -1, 1],
    ({ session, database }, [, ...keys]) => {
      if (session.queue !== null) throw failure('ERR WATCH inside MULTI is not allowed');
      for (const key of keys) {
        if (session.watched.some((one) => one.key === key && one.database === session.database)) continue;
        session.watched.push({ database: session.database, key, expired: database.isExpired(key) });
        const sessions = database.watchers.get(key);
        if (sessions) sessions.add(session);
        else database.watchers.set(key, new Set([session]));
      }
      return OK;
    },
  ),
  command('unwatch', 1, 'noscript loading stale fast allow_busy', null, ({ session, engine }) => {
    engine.unwatch(session);
    return OK;
  }),
];
