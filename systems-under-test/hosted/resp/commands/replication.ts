import { type Command, command } from '../command.ts';
import type { Context } from '../context.ts';
import { failure, notInteger, syntaxError } from '../protocol/errors.ts';
import { Blocked, NO_REPLY, OK, type Reply } from '../protocol/reply.ts';
import type { Argv } from '../session.ts';
import { integer } from './arguments.ts';

function follow({ engine }: Context, [, host, port]: Argv): Reply {
  if (host!.toLowerCase() === 'no' && port!.toLowerCase() === 'one') engine.replication.follow(null);
  else {
    const number = integer(port!, () => failure('ERR Invalid master port'));
    if (number < 0 || number > 65535) throw failure('ERR Invalid master port');
    engine.replication.follow({ host: host!, port: number });
  }
  return OK;
}

function configure({ engine, session }: Context, argv: Argv): Reply {
  if (argv.length % 2 === 0) throw syntaxError();
  for (let at = 1; at < argv.length; at += 2) {
    const [name, value] = [argv[at]!.toLowerCase(), argv[at + 1]!];
    if (name === 'listening-port') session.replicaPort = integer(value);
    else if (name === 'ack') {
      engine.replication.acknowledge(session, integer(value));
      return NO_REPLY;
    } else if (name === 'getack' || name === 'capa' || name === 'ip-address' || name === 'rdb-only') continue;
    else throw failure(`ERR Unrecognized REPLCONF option: ${argv[at]}`);
  }
  return OK;
}

function wait(context: Context, [, number, timeout]: Argv): Reply {
  const { engine, session, now } = context;
  if (!engine.replication.isPrimary)
    throw failure(
      'ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if a replica is configured to be writable (which is not the default) writes to replicas are just local and are not propagated.',
    );
  const wanted = integer(number!);
  const milliseconds = integer(timeout!, () => failure('ERR timeout is not an integer or out of range'));
  if (milliseconds < 0) throw failure('ERR timeout is negative');
  const offset = session.lastWriteOffset;
  const count = (): number => engine.replication.countAcknowledged(offset);
  if (count() >= wanted || context.nested) return count();
  engine.replication.askForAcknowledgement();
  return new Blocked(
    [],
    milliseconds === 0 ? 0 : now + milliseconds,
    () => (count() >= wanted ? count() : undefined),
    count,
  );
}

export const REPLICATION: readonly Command[] = [
  command('replicaof', 3, 'admin noscript stale', null, follow),
  command('slaveof', 3, 'admin noscript stale', null, follow),
  command('role', 1, 'noscript loading stale fast', null, ({ engine }) => engine.replication.role()),
  command('replconf', -1, 'admin noscript loading stale', null, configure),
  command('psync', -3, 'admin noscript no_multi', null, ({ engine, session }, [, history, offset]) =>
    engine.replication.synchronise(session, history!, integer(offset!, notInteger)),
  ),
  command('wait', 3, 'noscript', null, wait),
];
