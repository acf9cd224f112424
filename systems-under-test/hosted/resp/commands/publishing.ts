import { type Command, command, container } from '../command.ts';
import type { Context } from '../context.ts';
import { globMatches } from '../protocol/glob.ts';
import { Pairs, Push, type Reply, Several } from '../protocol/reply.ts';
import type { PubSub } from '../pubsub.ts';
import type { Argv, Session } from '../session.ts';

type Kind = 'channels' | 'patterns' | 'shardChannels';

const SUBSCRIBE = {
  channels: (pubsub: PubSub, session: Session, name: string) => pubsub.subscribe(session, name),
  patterns: (pubsub: PubSub, session: Session, name: string) => pubsub.subscribePattern(session, name),
  shardChannels: (pubsub: PubSub, session: Session, name: string) => pubsub.subscribeShard(session, name),
};
const UNSUBSCRIBE = {
  channels: (pubsub: PubSub, session: Session, name: string) => pubsub.unsubscribe(session, name),
  patterns: (pubsub: PubSub, session: Session, name: string) => pubsub.unsubscribePattern(session, name),
  shardChannels: (pubsub: PubSub, session: Session, name: string) => pubsub.unsubscribeShard(session, name),
};

/** How many subscriptions the answers count: shard channels apart. */
const counted = (session: Session, kind: Kind): number =>
  kind === 'shardChannels' ? session.shardChannels.size : session.channels.size + session.patterns.size;

function subscribe(kind: Kind) {
  return ({ engine, session }: Context, [word, ...names]: Argv): Reply =>
    new Several(
      names.map((name) => {
        SUBSCRIBE[kind](engine.pubsub, session, name);
        return new Push([word!.toLowerCase(), name, counted(session, kind)]);
      }),
    );
}

function unsubscribe(kind: Kind) {
  return ({ engine, session }: Context, [word, ...names]: Argv): Reply => {
    const all = names.length === 0 ? [...session[kind]] : names;
    if (all.length === 0) return new Push([word!.toLowerCase(), null, counted(session, kind)]);
    return new Several(
      all.map((name) => {
        UNSUBSCRIBE[kind](engine.pubsub, session, name);
        return new Push([word!.toLowerCase(), name, counted(session, kind)]);
      }),
    );
  };
}

function channelNames(register: ReadonlyMap<string, unknown>, pattern: string | undefined): string[] {
  return [...register.keys()].filter((name) => pattern === undefined || globMatches(pattern, name));
}

const PUBSUB = 'pubsub loading stale';

export const PUBLISHING: readonly Command[] = [
  command('subscribe', -2, `${PUBSUB} noscript`, null, subscribe('channels')),
  command('psubscribe', -2, `${PUBSUB} noscript`, null, subscribe('patterns')),
  command('ssubscribe', -2, `${PUBSUB} noscript`, [1, -1, 1], subscribe('shardChannels')),
  command('unsubscribe', -1, `${PUBSUB} noscript`, null, unsubscribe('channels')),
  command('punsubscribe', -1, `${PUBSUB} noscript`, null, unsubscribe('patterns')),
  command('sunsubscribe', -1, `${PUBSUB} noscript`, [1, -1, 1], unsubscribe('shardChannels')),
  command('publish', 3, `${PUBSUB} fast`, null, (context, argv) => {
    // Replicas publish it too.
    context.replicateAs(argv);
    return context.engine.pubsub.publish(argv[1]!, argv[2]!);
  }),
  command('spublish', 3, `${PUBSUB} fast`, [1, 1, 1], (context, argv) => {
    context.replicateAs(argv);
    return context.engine.pubsub.publishShard(argv[1]!, argv[2]!);
  }),
  container('pubsub', [
    command('pubsub|channels', -2, PUBSUB, null, ({ engine }, argv) =>
      channelNames(engine.pubsub.channels, argv[2]),
    ),
    command('pubsub|shardchannels', -2, PUBSUB, null, ({ engine }, argv) =>
      channelNames(engine.pubsub.shardChannels, argv[2]),
    ),
    command(
      'pubsub|numsub',
      -2,
      PUBSUB,
      null,
      ({ engine }, [, , ...names]) =>
        new Pairs(names.flatMap((name) => [name, engine.pubsub.channels.get(name)?.size ?? 0])),
    ),
    command(
      'pubsub|shardnumsub',
      -2,
      PUBSUB,
      null,
      ({ engine }, [, , ...names]) =>
        new Pairs(names.flatMap((name) => [name, engine.pubsub.shardChannels.get(name)?.size ?? 0])),
    ),
    command('pubsub|numpat', 2, PUBSUB, null, ({ engine }) => engine.pubsub.patterns.size),
  ]),
];
