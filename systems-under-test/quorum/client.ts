import type {
  Client,
  Completion,
  Host,
  Json,
  Nanos,
  Request,
  Setting,
} from '../../harness/contract/index.ts';
import { HashRing } from '../shared/hash-ring.ts';
import { SessionClient } from '../shared/session-client.ts';
import { copiesOf, type QuorumOptions } from './options.ts';
import { VIRTUAL_NODES } from './server.ts';
import { type Found, structureOf } from './structures.ts';

/** A coordinator that did not answer is asked last for so long. */
const AVOIDED_FOR_ATTEMPTS = 2;

/**
 * Knows the ring, and sends each request to a server of the key, or (with sloppy quorums) to another one if none answers (client-driven coordination: Dynamo, section 6.4).
 * A write is sent again only after an answer that it certainly did not happen.
 */
export class QuorumClient implements Client {
  private readonly host: Host;
  private readonly setting: Setting<QuorumOptions>;
  private readonly ring: HashRing;
  private readonly sessions: SessionClient;
  private readonly avoidedUntil = new Map<string, Nanos>();

  constructor(host: Host, setting: Setting<QuorumOptions>) {
    this.host = host;
    this.setting = setting;
    this.ring = new HashRing(setting.hosts.server!, VIRTUAL_NODES);
    this.sessions = new SessionClient(host);
    this.carryOut = structureOf(
      setting.workload.name,
      setting.options.resolution === 'version-vectors',
      this,
    );
  }

  private readonly carryOut: (request: Request, until: Nanos) => Promise<Completion>;

  invoke(request: Request): Promise<Completion> {
    return this.carryOut(request, this.host.clock.monotonic() + this.setting.options.patience);
  }

  /** What r copies know of the key; or why that was not to be had. */
  async find(key: string, until: Nanos): Promise<Found | Exclude<Completion, { type: 'ok' }>> {
    const completion = await this.attempts({ f: 'read', key, value: null }, until);
    if (completion.type !== 'ok') return completion;
    const { values, context } = completion.value as { values: readonly Json[]; context: Json };
    return {
      type: 'found',
      values,
      context,
      ...(completion.node !== undefined && { node: completion.node }),
    };
  }

  write(key: string, value: Json, context: Json, until: Nanos): Promise<Completion> {
    return this.attempts({ f: 'write', key, value: { value, context } }, until);
  }

  /** One coordinator after the other, as long as each has certainly done nothing. */
  private async attempts(request: Request, until: Nanos): Promise<Completion> {
    const { host } = this;
    const { attemptTimeout, handOffInterval } = this.setting.options;
    let last: Completion = { type: 'fail', error: 'no-coordinator' };
    for (;;) {
      for (const server of this.coordinators(request.key as string)) {
        const now = host.clock.monotonic();
        if (now >= until) return last;
        const completion = await this.sessions.call(server, request, Math.min(until, now + attemptTimeout));
        // These servers redirect nobody.
        if (completion.type === 'redirected') throw new Error('redirected');
        if (completion.type !== 'fail') return completion;
        last = completion;
        if (completion.error !== 'no-quorum')
          this.avoidedUntil.set(server, host.clock.monotonic() + AVOIDED_FOR_ATTEMPTS * attemptTimeout);
      }
      await host.sleep(handOffInterval / 5);
    }
  }

  /** The servers of the key in an order of chance; with sloppy quorums, then the others as they follow on the ring. Those that failed of late come last. */
  private coordinators(key: string): readonly string[] {
    const { host } = this;
    const { options } = this.setting;
    const walk = this.ring.walk(key);
    const owners = host.random.shuffle(walk.slice(0, copiesOf(options)));
    const all = options.quorum === 'sloppy' ? [...owners, ...walk.slice(owners.length)] : owners;
    const now = host.clock.monotonic();
    const isAvoided = (server: string) => (this.avoidedUntil.get(server) ?? 0) > now;
    return [...all.filter((server) => !isAvoided(server)), ...all.filter(isAvoided)];
  }
}
