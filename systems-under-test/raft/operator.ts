import {
  type Host,
  HostError,
  MILLISECOND,
  type Nanos,
  SECOND,
  type Setting,
} from '../../harness/contract/index.ts';
import type { MemberView } from './membership-change.ts';
import type { ClientReply, ClientRequest } from './messages.ts';
import { type RaftOptions, type RaftSettings, settingsOf } from './options.ts';

/** Between two looks at the cluster; while nobody leads, between two questions who does. */
const EVERY = 100 * MILLISECOND;
const SEARCH = 10 * MILLISECOND;
/** A new member stays this long beside the one that it replaces. */
const SETTLE = 300 * MILLISECOND;
/** Patience with a question, and with a change: a new member has to catch up first. */
const QUESTION = 200 * MILLISECOND;
const CHANGE = 2 * SECOND;

/**
 * Replaces members by spares, as the operators of clusters do, human or program: one that was silent for too long, because its machine,
 * its disk or its network is gone; and now and then a healthy one, as on the day when machines are exchanged one by one. A replacement is an addition and then a
 * removal, so that there is never one copy less. It remembers nothing: what is left of a replacement that was cut short is a member
 * too many.
 */
class Operator {
  private readonly host: Host;
  private readonly settings: RaftSettings;
  private readonly servers: readonly string[];
  /** The server to ask next. */
  private target: string;
  /** Place of the server that was asked last without a hint, as a client has it. */
  private turn = 0;
  /** When the next healthy member is replaced. */
  private rollingAt: Nanos = 0;

  constructor(host: Host, setting: Setting<RaftOptions>) {
    this.host = host;
    this.settings = settingsOf(setting.options);
    this.servers = [...(setting.hosts.server ?? []), ...(setting.hosts.standby ?? [])];
    this.target = this.servers[0]!;
  }

  async run(): Promise<never> {
    this.putOffRolling();
    for (;;) {
      const found = await this.look();
      await this.host.sleep(found ? EVERY : SEARCH);
    }
  }

  private putOffRolling(): void {
    const { rolling } = this.settings;
    this.rollingAt =
      this.host.clock.monotonic() + this.host.random.integer(Math.ceil(rolling / 2), 2 * rolling);
  }

  /** Sees whether something is to be done, and does it. @returns false if no leader was found. */
  private async look(): Promise<boolean> {
    const reply = await this.ask('members', null, QUESTION);
    if (reply?.status !== 'ok') return false;
    const members = reply.value as readonly MemberView[];
    const silent = members.filter(({ silence }) => silence > this.settings.silence);
    if (members.length > this.settings.servers) await this.remove(members, silent);
    else if (silent.length > 0) await this.add(members, 'a spare takes the place of a silent member');
    else if (this.host.clock.monotonic() >= this.rollingAt) {
      this.putOffRolling();
      await this.add(members, 'a spare takes the place of a healthy member');
    }
    return true;
  }

  /** The most silent of the silent ones; if all are heard of, any but the one that came last. */
  private async remove(members: readonly MemberView[], silent: readonly MemberView[]): Promise<void> {
    const [worst] = [...silent].sort((a, b) => b.silence - a.silence);
    const { name } = worst ?? this.host.random.pick(members.slice(0, -1));
    await this.ask('remove-server', name, CHANGE);
  }

  private async add(members: readonly MemberView[], why: string): Promise<void> {
    const spares = this.servers.filter((server) => members.every(({ name }) => name !== server));
    const reply = await this.ask('add-server', this.host.random.pick(spares), CHANGE);
    if (reply?.status !== 'ok') return;
    this.host.sometimes(true, why);
    await this.host.sleep(SETTLE);
  }

  /** Asks who is thought to lead; undefined without an answer. Whatever became of it, the next look shows. */
  private async ask(f: string, key: string | null, timeout: Nanos): Promise<ClientReply | undefined> {
    const request: ClientRequest = { f, key, value: null, session: 0, sequence: 0 };
    const asked = this.target;
    let leader = '';
    try {
      const reply = (await this.host.network.request(asked, request, { timeout })) as ClientReply;
      if (!('leader' in reply)) return reply;
      ({ leader } = reply);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
    }
    if (leader !== '' && leader !== asked) this.target = leader;
    else {
      this.turn = (this.turn + 1) % this.servers.length;
      this.target = this.servers[this.turn]!;
    }
    return undefined;
  }
}

export function startOperator(host: Host, setting: Setting<RaftOptions>): Promise<never> {
  return new Operator(host, setting).run();
}
