import { type Host, HostError, type Json, type Nanos, type Setting } from '../../harness/contract/index.ts';
import { type Command, parseCommand } from '../shared/command.ts';
import { Heartbeat } from '../shared/heartbeat.ts';
import { Prober } from '../shared/prober.ts';
import { Sessions } from '../shared/sessions.ts';
import type { Fields, PingReply } from './configuration.ts';
import { Member } from './member.ts';
import type { ChainOptions } from './options.ts';
import { Reads } from './reads.ts';

/** A server: reports to the master, and plays the part in the chain that the configuration gives it. */
export class Server {
  private readonly host: Host;
  private readonly setting: Setting<ChainOptions>;
  private readonly master: string;
  private readonly member: Member;
  private readonly reads: Reads;
  private pings = 0;
  private readonly heartbeat: Heartbeat;
  private readonly prober: Prober;

  constructor(host: Host, setting: Setting<ChainOptions>) {
    this.host = host;
    this.setting = setting;
    this.master = setting.hosts.master![0]!;
    const { options, flaw } = setting;
    this.heartbeat = new Heartbeat(host, options.pingInterval);
    this.prober = new Prober(host, {
      question: { type: 'probe' },
      interval: options.pingInterval,
      timeout: options.forwardTimeout,
    });
    this.member = new Member(host, options, () => this.heartbeat.soon(), {
      hasty: flaw('acknowledges-before-tail'),
      skipsSilentSuccessor: flaw('skips-silent-successor'),
    });
    this.reads = new Reads(host, this.member, {
      unleased: flaw('reads-without-lease'),
      unsynced: flaw('new-tail-reads-at-once'),
      dirty: flaw('reads-dirty-versions'),
    });
  }

  async run(): Promise<void> {
    const { host, member, setting } = this;
    const sessions = new Sessions(host);
    try {
      const damage = await member.copy.open();
      if (damage !== undefined) host.note('gave-up-copy', { damage });
    } catch (error) {
      member.trouble(error);
      return;
    }
    host.network.onRequest((request, from) => {
      const message = request as Fields;
      if (message.f === 'open') return { session: sessions.open() };
      if (message.f === 'configuration') return this.redirection();
      if (message.type === 'version') return this.reads.version(message);
      const command = parseCommand(message);
      if (typeof command === 'string') return member.answer(message, from);
      return sessions.once(message.session, message.number, () => this.carryOut(command));
    });
    host.network.onMessage((message, from) => member.receive(message as Fields, from));
    void this.prober.run(() => this.outside());
    await this.heartbeat.run(async () => {
      // A server whose disk does not answer is as good as dead, and had better be taken for it.
      if (!member.copy.replica.stuckFor(setting.options.deadAfter)) await this.ping();
    });
  }

  private async carryOut(command: Command): Promise<Json> {
    if (command.f === 'read') return (await this.reads.read(command)) ?? this.redirection();
    const answer = await this.member.execute(command);
    return answer === 'not-leading' ? this.redirection() : { ...answer.outcome };
  }

  private redirection(): Json {
    return { type: 'elsewhere', configuration: this.member.configuration };
  }

  private async ping(): Promise<void> {
    const { host, member, setting } = this;
    const { options } = setting;
    const message = {
      f: 'ping',
      incarnation: host.incarnation,
      nth: ++this.pings,
      configuration: member.configuration.number,
      joined: member.copy.replica.ready,
      synced: member.synced,
      unreachable: member.unreachable(),
      reachable: setting.hosts.server!.filter((server) => this.prober.reaches(server)),
    };
    const sentAt: Nanos = host.clock.monotonic();
    try {
      const reply = (await host.network.request(this.master, message, {
        timeout: options.forwardTimeout,
      })) as PingReply;
      // The master counts from when it answered, this server from before it asked: its lease ends first.
      if (reply.lease) this.reads.leasedUntil(sentAt + options.leaseTime);
      if (reply.configuration.number > member.configuration.number)
        await member.enter(reply.configuration, reply.since);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      if (error.code === 'disk-failure' || error.code === 'disk-full') member.trouble(error);
    }
  }

  /** The tail finds out which of the servers outside the chain could join. */
  private outside(): readonly string[] {
    const { last, configuration } = this.member;
    return last ? this.setting.hosts.server!.filter((server) => !configuration.chain.includes(server)) : [];
  }
}
