import {
  type Client,
  type Completion,
  type Host,
  MILLISECOND,
  type Nanos,
  type Request,
  type Setting,
} from '../../harness/contract/index.ts';
import { moduloRouter } from '../shared/modulo-router.ts';
import type { Router } from '../shared/router.ts';
import { type Redirected, SessionClient } from '../shared/session-client.ts';
import { type Meaning, meaningOf } from './meaning.ts';
import { groupsOf, type ShardedOptions } from './options.ts';

/** How long a client looks for a coordinator. */
const PATIENCE: Nanos = 900 * MILLISECOND;
const PAUSE: Nanos = 20 * MILLISECOND;
/** A coordinator that has not answered by the end of its own patience and this does not answer. */
const MARGIN: Nanos = 100 * MILLISECOND;

/**
 * Brings each transaction to the leader of the group that has its first key, which coordinates it. Asks another server only after an answer
 * that says that the transaction was not begun.
 */
export class ShardedClient implements Client {
  private readonly host: Host;
  private readonly setting: Setting<ShardedOptions>;
  private readonly router: Router;
  private readonly sessions: SessionClient;
  private readonly leaders = new Map<string, string>();

  constructor(host: Host, setting: Setting<ShardedOptions>) {
    this.host = host;
    this.setting = setting;
    this.router = moduloRouter(groupsOf(setting.options));
    this.sessions = new SessionClient(host);
  }

  async invoke(request: Request): Promise<Completion> {
    const meaning = meaningOf(request, this.setting.workload.options);
    if (meaning === undefined) return { type: 'fail', error: `unknown operation ${request.f}` };
    const [first] = meaning.micros;
    if (first === undefined) return { type: 'ok', value: meaning.value([]) };
    const completion = await this.carryOut(this.router.owner(first[1]), meaning);
    if (completion.type === 'ok')
      return { ...completion, value: meaning.value(completion.value as readonly never[]) };
    // What only reads has no effect, whether it was carried out or not.
    return completion.type === 'info' && meaning.micros.every(([f]) => f === 'r')
      ? { ...completion, type: 'fail' }
      : completion;
  }

  private async carryOut(group: string, { micros }: Meaning): Promise<Completion> {
    const { clock } = this.host;
    const deadline = clock.monotonic() + PATIENCE;
    const request = { f: 'txn', value: micros.map((micro) => [...micro]) };
    for (;;) {
      const server = this.leaders.get(group) ?? this.setting.hosts[group]![0]!;
      const until = Math.min(deadline, clock.monotonic() + this.setting.options.patience + MARGIN);
      const completion = await this.sessions.call(server, request, until);
      if (completion.type === 'ok') return completion;
      if (completion.type !== 'redirected' && completion.error !== 'refused') {
        if (completion.error === 'timeout') this.turn(group, server, '');
        return completion;
      }
      this.turn(group, server, completion.type === 'redirected' ? hint(completion) : '');
      if (clock.monotonic() + PAUSE >= deadline) return { type: 'fail', error: 'no-leader', node: server };
      await this.host.sleep(PAUSE);
    }
  }

  private turn(group: string, last: string, hinted: string): void {
    const members = this.setting.hosts[group]!;
    const next = members[(members.indexOf(last) + 1) % members.length]!;
    this.leaders.set(group, hinted !== '' && hinted !== last ? hinted : next);
  }
}

function hint({ reply }: Redirected): string {
  return typeof reply.leader === 'string' ? reply.leader : '';
}
