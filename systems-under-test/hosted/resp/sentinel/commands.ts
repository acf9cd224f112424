import { type Command, command, container } from '../command.ts';
import { COMMANDS } from '../commands/index.ts';
import { failure } from '../protocol/errors.ts';
import { NIL_ARRAY, OK, Pairs, type Reply, Status } from '../protocol/reply.ts';
import type { Node } from './node.ts';
import type { Sentinel } from './sentinel.ts';

/** Commands of a server that a sentinel has, too. */
const SHARED =
  'ping hello auth client quit reset subscribe unsubscribe psubscribe punsubscribe publish command'.split(
    ' ',
  );

/** What a sentinel answers: its own subcommands, and of a server's commands those that every client uses. */
export function sentinelCommands(sentinel: Sentinel): ReadonlyMap<string, Command> {
  const named = (name: string | undefined): void => {
    if (name !== sentinel.options.name) throw failure('ERR No such master with that name');
  };
  const describe = (node: Node, role: string): Reply =>
    new Pairs([
      ...[
        'name',
        node.name,
        'ip',
        node.host,
        'port',
        String(node.port),
        'runid',
        node.facts.get('run_id') ?? '',
      ],
      ...[
        'flags',
        sentinel.isDown(node) ? `${role},s_down` : role,
        'last-ok-ping-reply',
        String(sentinel.now - node.answeredAt),
      ],
      ...[
        'master-link-status',
        node.facts.get('master_link_status') === 'up' ? 'ok' : 'err',
        'slave-repl-offset',
        node.facts.get('slave_repl_offset') ?? '0',
      ],
    ]);
  const replicas = (_: unknown, [, , name]: readonly string[]): Reply => {
    named(name);
    return sentinel.replicas.map((node) => describe(node, 'slave'));
  };
  const flags = 'admin noscript stale';
  const own = [
    command('sentinel|get-master-addr-by-name', 3, flags, null, (_, [, , name]) =>
      name === sentinel.options.name ? [sentinel.primary.host, String(sentinel.primary.port)] : NIL_ARRAY,
    ),
    command('sentinel|sentinels', 3, flags, null, (_, [, , name]) => {
      named(name);
      return sentinel.peers.map((peer) => describe(peer, 'sentinel'));
    }),
    command('sentinel|replicas', 3, flags, null, replicas),
    command('sentinel|slaves', 3, flags, null, replicas),
    command('sentinel|master', 3, flags, null, (_, [, , name]) => {
      named(name);
      return describe(sentinel.primary, 'master');
    }),
    command('sentinel|masters', 2, flags, null, () => [describe(sentinel.primary, 'master')]),
    command('sentinel|myid', 2, flags, null, () => sentinel.runId),
    command('sentinel|ckquorum', 3, flags, null, (_, [, , name]) => {
      named(name);
      const usable = 1 + sentinel.peers.filter((peer) => !sentinel.isDown(peer)).length;
      if (usable < sentinel.options.quorum)
        throw failure(
          `NOQUORUM ${usable} usable Sentinels. Not enough available Sentinels to reach the specified quorum for this master`,
        );
      return new Status(`OK ${usable} usable Sentinels. Quorum and failover authorization can be reached`);
    }),
    command('sentinel|is-master-down-by-addr', 6, flags, null, (_, [, , host, port, epoch, runId]) =>
      sentinel.opinion(host!, Number(port), Number(epoch), runId!),
    ),
    command('sentinel|hello', 6, flags, null, (_, [, , epoch, configEpoch, host, port]) => {
      sentinel.hear(Number(epoch), Number(configEpoch), host!, Number(port));
      return OK;
    }),
  ];
  const role = command('role', 1, flags, null, () => ['sentinel', [sentinel.options.name]]);
  const info = command(
    'info',
    -1,
    flags,
    null,
    () =>
      `# Sentinel\r\nsentinel_masters:1\r\nmaster0:name=${sentinel.options.name},status=${sentinel.isDown(sentinel.primary) ? 'sdown' : 'ok'},address=${sentinel.primary.name},slaves=${sentinel.replicas.length},sentinels=${sentinel.peers.length + 1}\r\n`,
  );
  const shared = SHARED.map((name) => COMMANDS.get(name)!);
  return new Map([...shared, role, info, container('sentinel', own)].map((one) => [one.name, one]));
}
