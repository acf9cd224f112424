import { type Host, HostError, type Json, type Setting, type Timer } from '../../harness/contract/index.ts';
import { type Command, type Outcome, parseCommand } from '../shared/command.ts';
import { Heartbeat } from '../shared/heartbeat.ts';
import { Prober } from '../shared/prober.ts';
import { Replica } from '../shared/replica.ts';
import { Sessions } from '../shared/sessions.ts';
import { Backup } from './backup.ts';
import type { PrimaryBackupOptions } from './options.ts';
import { Primary } from './primary.ts';
import { type Fields, members, type View } from './view.ts';

/** A server: reports to the view service, and is primary, backup or neither, as the view says. */
export class Server {
  private readonly host: Host;
  private readonly setting: Setting<PrimaryBackupOptions>;
  private readonly viewService: string;
  private readonly replica: Replica;
  private readonly backup: Backup;
  private primary: Primary | undefined;
  private pings = 0;
  /** Number of the view that this incarnation acts in. */
  private adopted = 0;
  private readonly heartbeat: Heartbeat;
  private readonly prober: Prober;
  /** Only for a fault on purpose: a lease that the view service knows nothing of. */
  private leased = false;
  private leaseTimer: Timer | undefined;

  constructor(host: Host, setting: Setting<PrimaryBackupOptions>) {
    this.host = host;
    this.setting = setting;
    this.viewService = setting.hosts.view![0]!;
    const { options, flaw } = setting;
    this.replica = new Replica(host, options.checkpointBytes);
    this.heartbeat = new Heartbeat(host, options.pingInterval);
    this.prober = new Prober(host, {
      question: { f: 'probe' },
      interval: options.pingInterval,
      timeout: options.forwardTimeout,
    });
    this.backup = new Backup(host, this.replica, options.deadAfter, () => this.heartbeat.soon(), {
      acceptsOldView: flaw('backup-accepts-old-view'),
    });
  }

  async run(): Promise<void> {
    const { host, setting } = this;
    const sessions = new Sessions(host);
    try {
      const damage = await this.replica.open();
      if (damage !== undefined) host.note('gave-up-copy', { damage });
    } catch (error) {
      this.trouble(error);
      return;
    }
    host.network.onRequest((request, from) => {
      const message = request as Fields;
      if (message.f === 'open')
        return this.primary?.active ? { session: sessions.open() } : this.redirection();
      if (message.f === 'view') return this.redirection();
      const command = parseCommand(message);
      if (typeof command === 'string') return this.backup.answer(message, from);
      return sessions.once(message.session, message.number, () => this.carryOut(command));
    });
    void this.prober.run(() => this.outside());
    await this.heartbeat.run(async () => {
      // A server whose disk does not answer is as good as dead, and had better be taken for it.
      if (!this.replica.stuckFor(setting.options.deadAfter)) await this.ping();
    });
  }

  private async carryOut(command: Command): Promise<Json> {
    const { primary } = this;
    if (primary === undefined) return this.redirection();
    let outcome: Outcome | 'not-primary';
    if (command.f === 'read' && this.leased && primary.active) outcome = primary.read(command);
    else outcome = await primary.execute(command);
    return outcome === 'not-primary' ? this.redirection() : { ...outcome };
  }

  private redirection(): Json {
    return { type: 'not-primary', view: this.backup.view ?? null };
  }

  private async ping(): Promise<void> {
    const { host, replica, setting } = this;
    const { options } = setting;
    const message = {
      f: 'ping',
      incarnation: host.incarnation,
      nth: ++this.pings,
      view: this.adopted,
      ready: replica.ready,
      position: replica.position,
      unreachable: this.primary?.unreachable() ?? [],
      reachable: setting.hosts.server!.filter((server) => this.prober.reaches(server)),
    };
    try {
      const reply = await host.network.request(this.viewService, message, { timeout: options.deadAfter });
      const { view, complete } = reply as { readonly view: View; readonly complete: boolean };
      if (setting.flaw('lease-read')) this.renewLease();
      await this.adopt(view);
      if (complete) this.primary?.confirm(view.number);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      if (error.code === 'disk-failure') this.trouble(error);
    }
  }

  private renewLease(): void {
    this.leased = true;
    this.leaseTimer?.cancel();
    this.leaseTimer = this.host.after(4 * this.setting.options.deadAfter, () => {
      this.leased = false;
    });
  }

  /**
   * From here on older views are refused. The view need not be kept on disk: a new incarnation believes nobody before it has heard from
   * the view service, which does not go back.
   */
  private async adopt(view: View): Promise<void> {
    const { host, replica, backup } = this;
    const known = backup.view?.number ?? 0;
    host.always(view.number >= known, 'the view service does not go back', { known, told: view.number });
    if (view.number === 0 || view.number === this.adopted) return;
    backup.view = view;
    const leads = view.primary === host.name && (replica.ready > 0 || view.founding);
    if (leads) {
      if (replica.ready === 0) await replica.keepReady(view.number);
      // A copy that is just being installed or written comes first.
      await replica.inTurn(async () => {});
      if (this.primary !== undefined) this.primary.lead(view);
      else {
        this.primary = new Primary(host, this.setting.options, replica, view, () => this.heartbeat.soon(), {
          alone: this.setting.flaw('acknowledges-before-backup'),
          impatient: this.setting.flaw('falls-back-to-asynchronous'),
        });
      }
    } else {
      this.primary?.end();
      this.primary = undefined;
    }
    this.adopted = view.number;
  }

  /** A primary finds out which of the servers outside its view could join. */
  private outside(): readonly string[] {
    const { view } = this.backup;
    if (this.primary === undefined || view === undefined) return [];
    const inside = members(view);
    return this.setting.hosts.server!.filter((server) => !inside.includes(server));
  }

  private trouble(error: unknown): void {
    if (!(error instanceof HostError)) throw error;
    this.host.exit(error.message);
  }
}
