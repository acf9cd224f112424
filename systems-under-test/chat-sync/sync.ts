import { DiskFull, type Host, HostError, type Json } from '../../harness/contract/index.ts';
import type { VersionVector } from '../shared/version-vector.ts';
import { beyond, heldOf, type Message } from './conversation.ts';
import type { Conversations } from './conversations.ts';
import type { ChatSyncOptions } from './options.ts';

type Fields = { readonly [name: string]: Json };
type HeldByKey = readonly (readonly [key: string, held: VersionVector])[];
type News = readonly (readonly [key: string, messages: readonly Message[]])[];

/**
 * Keeps the conversations of one device or server equal to those of others: each asks for what follows on what it has, and then gives what the other one lacks. What is confirmed is on the
 * other one's disk, and nothing is remembered of that: who lost its disk has nothing, and is given everything.
 */
export class Sync {
  private readonly host: Host;
  private readonly conversations: Conversations;
  private readonly options: ChatSyncOptions;
  /** Only by a fault on purpose: by server, what was sent to it, whether or not it arrived. */
  private readonly sent: Map<string, Map<string, VersionVector>> | undefined;

  constructor(
    host: Host,
    conversations: Conversations,
    options: ChatSyncOptions,
    forgetsUnconfirmed: boolean,
  ) {
    this.host = host;
    this.conversations = conversations;
    this.options = options;
    this.sent = forgetsUnconfirmed ? new Map() : undefined;
  }

  /** One exchange. False if the server did not answer. */
  async with(server: string): Promise<boolean> {
    const { host } = this;
    const timeout = this.options.syncTimeout;
    try {
      const reply = (await host.network.request(
        server,
        { f: 'news', held: this.held() },
        { timeout },
      )) as Fields;
      if (reply.type !== 'ok') return false;
      await this.take(reply.news as unknown as News);
      const news = this.newsFor(reply.held as unknown as HeldByKey, server);
      if (news.length === 0) return true;
      const message = { f: 'take', news: news as unknown as Json };
      const answer = (await host.network.request(server, message, { timeout })) as Fields;
      return answer.type === 'ok';
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return false;
    }
  }

  /** Answers the requests of others; undefined for one that is none of them. */
  answer(message: Fields): Fields | Promise<Fields> | undefined {
    if (message.f === 'news') {
      const news = this.newsFor(message.held as unknown as HeldByKey);
      return { type: 'ok', news: news as unknown as Json, held: this.held() };
    }
    if (message.f !== 'take') return undefined;
    return this.take(message.news as unknown as News).then(
      () => ({ type: 'ok' }),
      (error) => {
        if (!(error instanceof DiskFull)) throw error;
        return { type: 'fail', error: error.code };
      },
    );
  }

  private held(): Json {
    return [...this.conversations.entries()].map(([key, conversation]) => [key, heldOf(conversation)]);
  }

  private newsFor(held: HeldByKey, server?: string): News {
    const theirs = new Map(held);
    const sent = server === undefined ? undefined : this.sent;
    return [...this.conversations.entries()].flatMap(([key, conversation]) => {
      const known = sent?.get(server!)?.get(key) ?? theirs.get(key) ?? {};
      const messages = beyond(conversation, known).slice(0, this.options.batch);
      if (sent !== undefined) sent.set(server!, new Map(sent.get(server!)).set(key, heldOf(conversation)));
      return messages.length === 0 ? [] : [[key, messages] as const];
    });
  }

  /** @throws DiskFull, DiskFailure */
  private async take(news: News): Promise<void> {
    await Promise.all(news.map(([key, messages]) => this.conversations.add(key, messages)));
  }
}
