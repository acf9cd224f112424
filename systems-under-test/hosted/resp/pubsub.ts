import { globMatches } from './protocol/glob.ts';
import { Push } from './protocol/reply.ts';
import type { Session } from './session.ts';

type Register = Map<string, Set<Session>>;

function add(register: Register, name: string, session: Session): void {
  const sessions = register.get(name);
  if (sessions) sessions.add(session);
  else register.set(name, new Set([session]));
}

function remove(register: Register, name: string, session: Session): void {
  const sessions = register.get(name);
  if (sessions?.delete(session) && sessions.size === 0) register.delete(name);
}

/** Who listens to what. Deliveries go in order of subscription, channels before patterns. */
export class PubSub {
  readonly channels: Register = new Map();
  readonly patterns: Register = new Map();
  readonly shardChannels: Register = new Map();

  subscribe(session: Session, channel: string): void {
    session.channels.add(channel);
    add(this.channels, channel, session);
  }
  unsubscribe(session: Session, channel: string): void {
    session.channels.delete(channel);
    remove(this.channels, channel, session);
  }
  subscribePattern(session: Session, pattern: string): void {
    session.patterns.add(pattern);
    add(this.patterns, pattern, session);
  }
  unsubscribePattern(session: Session, pattern: string): void {
    session.patterns.delete(pattern);
    remove(this.patterns, pattern, session);
  }
  subscribeShard(session: Session, channel: string): void {
    session.shardChannels.add(channel);
    add(this.shardChannels, channel, session);
  }
  unsubscribeShard(session: Session, channel: string): void {
    session.shardChannels.delete(channel);
    remove(this.shardChannels, channel, session);
  }

  /** Delivers; how many got it. */
  publish(channel: string, message: string): number {
    let receivers = 0;
    for (const session of this.channels.get(channel) ?? []) {
      session.send(new Push(['message', channel, message]));
      receivers++;
    }
    for (const [pattern, sessions] of this.patterns) {
      if (!globMatches(pattern, channel)) continue;
      for (const session of sessions) {
        session.send(new Push(['pmessage', pattern, channel, message]));
        receivers++;
      }
    }
    return receivers;
  }

  publishShard(channel: string, message: string): number {
    const sessions = this.shardChannels.get(channel) ?? [];
    let receivers = 0;
    for (const session of sessions) {
      session.send(new Push(['smessage', channel, message]));
      receivers++;
    }
    return receivers;
  }

  leave(session: Session): void {
    for (const channel of [...session.channels]) this.unsubscribe(session, channel);
    for (const pattern of [...session.patterns]) this.unsubscribePattern(session, pattern);
    for (const channel of [...session.shardChannels]) this.unsubscribeShard(session, channel);
  }
}
