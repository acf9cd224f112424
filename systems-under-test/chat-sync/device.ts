import {
  type Client,
  type Completion,
  type Host,
  HostError,
  type Json,
  type Request,
  type Setting,
} from '../../harness/contract/index.ts';
import { nextMessage, viewOf } from './conversation.ts';
import { Conversations } from './conversations.ts';
import type { ChatSyncOptions } from './options.ts';
import { Sync } from './sync.ts';

/**
 * A phone, tablet or laptop. It works on what it has on its own disk, connected or not: a message is sent when it is there, and goes out when a server answers. A device that is started again
 * finds everything as it was.
 */
export class Device implements Client {
  private readonly host: Host;
  private readonly setting: Setting<ChatSyncOptions>;
  private readonly conversations: Conversations;
  private readonly sync: Sync;
  private readonly opened: Promise<void>;

  constructor(host: Host, setting: Setting<ChatSyncOptions>) {
    const { options, flaw } = setting;
    this.host = host;
    this.setting = setting;
    this.conversations = new Conversations(host, {
      checkpointBytes: options.checkpointBytes,
      skipSync: flaw('outbox-not-synced'),
    });
    this.sync = new Sync(host, this.conversations, options, flaw('forgets-unconfirmed'));
    this.opened = this.conversations.open();
    void this.run();
  }

  async invoke(request: Request): Promise<Completion> {
    const { host } = this;
    try {
      await this.opened;
      const key = JSON.stringify(request.key ?? null);
      const value = request.f === 'send' ? await this.send(key, request.value) : this.show(key);
      return { type: 'ok', value, node: host.name };
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      const isDefinite = error.definite || request.f === 'read';
      return { type: isDefinite ? 'fail' : 'info', error: error.code, node: host.name };
    }
  }

  private show(key: string): Json {
    const { flaw } = this.setting;
    const { messages } = viewOf(this.conversations.get(key), flaw('shows-without-causes'));
    return messages.map(({ body }) => body);
  }

  private async send(key: string, body: Json): Promise<Json> {
    const message = nextMessage(this.conversations.get(key), this.conversations.device, body);
    // Without the clock, two messages are in the order of their devices' names.
    const sent = this.setting.flaw('clock-of-own-messages') ? { ...message, clock: message.n } : message;
    await this.conversations.add(key, [sent]);
    return body;
  }

  /** Stays with one server while that answers. */
  private async run(): Promise<void> {
    const { host, setting } = this;
    const servers = setting.hosts.server!;
    try {
      await this.opened;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return;
    }
    for (let at = host.random.integer(0, servers.length - 1); ; ) {
      await host.sleep(setting.options.syncInterval);
      if (!(await this.sync.with(servers[at]!))) at = (at + 1) % servers.length;
    }
  }
}
