import { type Host, HostError, type Json, type Setting } from '../../harness/contract/index.ts';
import type { Outcome } from '../shared/command.ts';
import type { Answer, Copies } from './copies.ts';
import { copiesOf, type QuorumOptions } from './options.ts';
import type { Replica } from './replica.ts';
import { replies } from './replies.ts';

const NO_QUORUM = 'no-quorum';

/** Carries out reads and writes of clients on all copies of a key (Dynamo, sections 4.5 to 4.7). */
export class Coordinator {
  private readonly host: Host;
  private readonly setting: Setting<QuorumOptions>;
  private readonly replica: Replica;
  private readonly copies: Copies;
  private readonly r: number;
  private readonly w: number;

  constructor(host: Host, setting: Setting<QuorumOptions>, replica: Replica, copies: Copies) {
    const { options } = setting;
    this.host = host;
    this.setting = setting;
    this.replica = replica;
    this.copies = copies;
    this.r = setting.flaw('reads-one-copy-less') ? options.r - 1 : Math.min(options.r, copiesOf(options));
    this.w = Math.min(options.w, copiesOf(options));
  }

  /** The values and the context of what r copies know. */
  async read(key: string): Promise<Outcome> {
    const { readRepair } = this.setting.options;
    const { enough, all } = replies(this.copies.fetch(key), this.r);
    const answers = await enough;
    if (answers.length < this.r) return { type: 'fail', error: NO_QUORUM };
    const state = this.merged(answers);
    if (state === undefined) return { type: 'ok', value: { values: [], context: null } };
    if (readRepair === 'before-reply' && !(await this.writtenBack(key, state, answers)))
      return { type: 'fail', error: NO_QUORUM };
    if (readRepair === 'asynchronous') void all.then((every) => this.repair(key, every));
    const { resolution } = this.replica;
    return {
      type: 'ok',
      value: { values: resolution.values(state), context: resolution.context(state) },
    };
  }

  /**
   * Here first, then on the others: a state that others have is then always one that this server's own copy has, which is what keeps contexts exact
   * (`dotted-versions.ts`). Acknowledged when w copies have it. With fewer it is on some copies, and may yet be read.
   */
  async write(key: string, value: Json, context: Json): Promise<Outcome> {
    const { host, replica, copies, w } = this;
    const { options } = this.setting;
    let after: number | undefined;
    if (options.timestamps === 'quorum' && options.resolution === 'last-write-wins') {
      const { enough } = replies(copies.fetch(key), this.r);
      const answers = await enough;
      if (answers.length < this.r) return { type: 'fail', error: NO_QUORUM };
      const known = this.merged(answers);
      after = known === undefined ? 0 : replica.resolution.time(known);
    }
    const owners = copies.owners(key);
    const isOwner = owners.includes(host.name);
    if (!isOwner && options.quorum === 'strict') return { type: 'fail', error: 'not-a-copy' };
    let state: Json;
    try {
      state = await replica.write(key, value, context, after, isOwner ? [] : owners);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return { type: error.definite ? 'fail' : 'info', error: error.code };
    }
    const { enough } = replies(copies.store(key, state), w - 1);
    const answers = await enough;
    return answers.length >= w - 1 ? { type: 'ok', value: null } : { type: 'info', error: NO_QUORUM };
  }

  private merged(answers: readonly Answer[]): Json | undefined {
    const { resolution } = this.replica;
    return answers.reduce<Json | undefined>(
      (merged, { state }) =>
        merged === undefined || state === undefined ? (merged ?? state) : resolution.merge(merged, state),
      undefined,
    );
  }

  private knows({ state }: Answer, all: Json): boolean {
    return state !== undefined && this.replica.resolution.merge(state, all) === state;
  }

  /** Whoever reads later must not see less: w copies have it before the reader does (Attiya, Bar-Noy and Dolev 1995, the second phase of a read). */
  private async writtenBack(key: string, state: Json, answers: readonly Answer[]): Promise<boolean> {
    const knowing = answers.filter((answer) => this.knows(answer, state)).map(({ server }) => server);
    const lacking = this.copies.owners(key).filter((server) => !knowing.includes(server));
    const need = this.w - knowing.length;
    if (need <= 0) return true;
    const { enough } = replies(
      lacking.map((server) => this.give(server, key, state)),
      need,
    );
    if (this.setting.flaw('replies-before-write-back')) return true;
    return (await enough).length >= need;
  }

  private repair(key: string, answers: readonly Answer[]): void {
    const state = this.merged(answers);
    if (state === undefined) return;
    for (const answer of answers) {
      if (!answer.standIn && !this.knows(answer, state)) void this.give(answer.server, key, state);
    }
  }

  private async give(server: string, key: string, state: Json): Promise<Answer | undefined> {
    if (server !== this.host.name) return this.copies.storeAt(server, key, state);
    try {
      await this.replica.merge(key, state);
      return { server, standIn: false, state };
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return undefined;
    }
  }
}
