import { type Host, HostError, MILLISECOND, type Nanos } from '../../harness/contract/index.ts';
import type { ClientReply } from '../raft/messages.ts';
import type { PeerRequest } from './messages.ts';

/** Patience with one server. */
const ATTEMPT: Nanos = 100 * MILLISECOND;
/** Pause after a refusal. */
const PAUSE: Nanos = 5 * MILLISECOND;

export type Answer = Extract<ClientReply, { readonly status: 'ok' | 'fail' }>;

/** Finds the leaders of groups and asks them. Asks again after silence: only for what may be asked twice. */
export class Groups {
  private readonly host: Host;
  private readonly members: { readonly [group: string]: readonly string[] };
  private readonly leaders = new Map<string, string>();

  constructor(host: Host, members: { readonly [group: string]: readonly string[] }) {
    this.host = host;
    this.members = members;
  }

  /** Until this instant of the monotonic clock. @throws HostError if there is no answer by then. */
  async ask(group: string, request: PeerRequest, until: Nanos): Promise<Answer> {
    const { clock, network } = this.host;
    for (;;) {
      const left = until - clock.monotonic();
      if (left <= 0) throw new HostError('no-answer', `no answer from ${group} in time`, false);
      const server = this.leaders.get(group) ?? this.members[group]![0]!;
      try {
        const message = await network.request(server, request, { timeout: Math.min(left, ATTEMPT) });
        const reply = message as ClientReply;
        if (reply.status === 'ok' || reply.status === 'fail') return reply;
        this.turn(group, server, 'leader' in reply ? reply.leader : '');
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        this.turn(group, server, '');
      }
      await this.host.sleep(PAUSE);
    }
  }

  /** The hinted server is asked next; without a hint, the one after the last. */
  private turn(group: string, last: string, hint: string): void {
    const members = this.members[group]!;
    const next = hint !== '' && hint !== last ? hint : members[(members.indexOf(last) + 1) % members.length]!;
    this.leaders.set(group, next);
  }
}
