import type { Host, Json } from '../../harness/contract/index.ts';
import { byKey } from '../shared/by-key.ts';
import { MergeStore, type MergeStoreOptions } from '../shared/merge-store.ts';
import { type Conversation, EMPTY, type Message, withMessages } from './conversation.ts';

type Stored = { readonly key: string; readonly message: Message };

/** The conversations of one device or server, each message on its disk. */
export class Conversations {
  private readonly host: Host;
  private readonly store: MergeStore;
  private readonly conversations = new Map<string, Conversation>();

  constructor(host: Host, options: MergeStoreOptions) {
    this.host = host;
    this.store = new MergeStore(host, options);
  }

  /** @throws DiskFailure */
  async open(): Promise<void> {
    await this.store.open();
    this.host.copies(() => [{ of: 'the conversations', at: null, state: byKey(this.store.entries()) }]);
    for (const [, state] of this.store.entries()) {
      const { key, message } = state as Stored;
      this.conversations.set(key, withMessages(this.get(key), [message]));
    }
  }

  /** Name of the device for its own messages: another one, if its disk lost something. */
  get device(): string {
    return this.store.actor;
  }

  get(key: string): Conversation {
    return this.conversations.get(key) ?? EMPTY;
  }

  /** In the order in which they were first met. */
  entries(): IterableIterator<[key: string, conversation: Conversation]> {
    return this.conversations.entries();
  }

  /**
   * Takes in those messages that follow on what is here; resolves when they are on the disk, and only then shows them.
   * @throws DiskFull, DiskFailure
   */
  async add(key: string, messages: readonly Message[]): Promise<void> {
    const before = this.get(key);
    const fresh = messages.filter(({ device, n }) => n > (before[device]?.length ?? 0));
    await Promise.all(
      fresh.map((message) =>
        this.store.update(JSON.stringify([key, message.device, message.n]), (current) =>
          current === undefined ? ({ key, message } as unknown as Json) : undefined,
        ),
      ),
    );
    this.conversations.set(key, withMessages(this.get(key), fresh));
  }
}
