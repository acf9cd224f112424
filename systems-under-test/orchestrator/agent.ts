import {
  type Host,
  HostError,
  type Json,
  type Message,
  type Nanos,
  type Setting,
} from '../../harness/contract/index.ts';
import type { ClientReply } from '../raft/messages.ts';
import { parseCommand } from '../shared/command.ts';
import { Sessions } from '../shared/sessions.ts';
import type { Assignment } from './assignments.ts';
import type { Heartbeat } from './controller.ts';
import { Instance } from './instance.ts';
import { HEARTBEAT, type OrchestratorOptions, resourceOf, serviceOf } from './options.ts';

/**
 * Runs on every machine of the fleet: tells the control plane that it lives, and runs the instances that it is told, for as long as its lease lasts. A lease counts from
 * the moment the heartbeat was *sent*: the control plane may have heard it just then, and nothing since.
 */
export class Agent {
  private readonly host: Host;
  private readonly setting: Setting<OrchestratorOptions>;
  private readonly controllers: readonly string[];
  private readonly instances = new Map<string, Instance>();
  private leaseEnd: Nanos = Number.NEGATIVE_INFINITY;
  /** The controller that is asked next. */
  private target = 0;

  constructor(host: Host, setting: Setting<OrchestratorOptions>) {
    this.host = host;
    this.setting = setting;
    this.controllers = setting.hosts.controller!;
  }

  start(): void {
    const sessions = new Sessions(this.host);
    this.host.network.onRequest((request): Message | Promise<Message> => {
      const message = request as { readonly [name: string]: Json };
      if (message.f === 'open') return { session: sessions.open() };
      const command = parseCommand(message);
      if (typeof command === 'string') return { type: 'fail', error: command };
      const instance = this.instances.get(serviceOf(this.setting.options, command.key));
      if (instance === undefined) return { type: 'fail', error: 'not-running' };
      return sessions.once(message.session, message.number, async () => ({
        ...(await instance.execute(command)),
      }));
    });
    this.beat();
  }

  private mayRun(): boolean {
    return this.host.clock.monotonic() < this.leaseEnd || this.setting.flaw('runs-after-lease');
  }

  private beat(): void {
    void this.heartbeat();
    this.host.after(HEARTBEAT, () => this.beat());
  }

  private async heartbeat(): Promise<void> {
    const { clock, network, incarnation } = this.host;
    const sentAt = clock.monotonic();
    const controller = this.controllers[this.target]!;
    try {
      const ended = [...this.instances.values()].filter(({ over }) => over).map(({ token }) => token);
      const request = { f: 'heartbeat', value: { incarnation, ended } satisfies Heartbeat };
      const reply = (await network.request(controller, request, { timeout: HEARTBEAT })) as ClientReply;
      if (reply.status === 'ok') this.renew(sentAt, reply.value as readonly Assignment[]);
      else this.turn(controller, 'leader' in reply ? reply.leader : '');
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      this.turn(controller, '');
    }
  }

  private turn(asked: string, hint: string): void {
    // A later heartbeat may have turned already.
    if (this.controllers[this.target] !== asked) return;
    const hinted = this.controllers.indexOf(hint);
    this.target = hinted >= 0 && hint !== asked ? hinted : (this.target + 1) % this.controllers.length;
  }

  private renew(sentAt: Nanos, assigned: readonly Assignment[]): void {
    const { host } = this;
    host.always(
      assigned.every(({ incarnation }) => incarnation === host.incarnation),
      'no process goes on with what another one was told to run',
    );
    this.leaseEnd = Math.max(this.leaseEnd, sentAt + this.setting.options.lease);
    for (const [service, instance] of this.instances) {
      if (assigned.some((each) => each.service === service && each.token === instance.token)) continue;
      instance.stop();
      this.instances.delete(service);
    }
    for (const { service, token } of assigned) {
      // One that ended by itself is not begun again: it gets a new token, so that what it left on its way is refused.
      if (!this.instances.has(service)) this.instances.set(service, this.instanceOf(service, token));
    }
    host.always(
      assigned.every(({ service, token }) => this.instances.get(service)?.token === token),
      'an agent runs the instances that it was told last',
    );
  }

  private instanceOf(service: string, token: number): Instance {
    const { options, hosts } = this.setting;
    return new Instance(this.host, {
      service,
      token,
      resource: resourceOf(service, hosts.resource!),
      readsMemory: options.reads === 'leased',
      mayRun: () => this.mayRun(),
    });
  }
}
