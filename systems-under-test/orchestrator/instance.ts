import { type Host, HostError, MILLISECOND, type Nanos } from '../../harness/contract/index.ts';
import { Batch, type Command, type Outcome } from '../shared/command.ts';
import { plainTable, type ValueTable } from '../shared/value-table.ts';
import type { Kept, ResourceReply, ResourceRequest } from './resource.ts';

/** Patience with one request to the resource. */
const ATTEMPT: Nanos = 100 * MILLISECOND;
/**
 * What a change and a read take before they come to the resource. The process may be paused here for longer than its lease, and go on then: it is for the resource
 * to notice.
 */
const CHANGE: Nanos = 20 * MILLISECOND;
const READ: Nanos = 60 * MILLISECOND;

export interface InstanceSetting {
  readonly service: string;
  readonly token: number;
  readonly resource: string;
  /** Whether reads are answered from memory. */
  readonly readsMemory: boolean;
  /** Whether its agent's lease lasts. */
  mayRun(): boolean;
}

/**
 * The one instance of a service: a key-value store whose data its resource keeps. It loads them when it begins, shows its token with everything it does, and
 * is over when the token is refused. One change at a time.
 */
export class Instance {
  readonly token: number;
  private readonly host: Host;
  private readonly setting: InstanceSetting;
  private readonly values: ValueTable = plainTable();
  private sequence = 0;
  private readonly loaded: Promise<void>;
  /** The end of the line of operations: one at a time, but for reads of the resource. */
  private line: Promise<unknown>;
  /** Nothing is done any more. */
  over = false;

  constructor(host: Host, setting: InstanceSetting) {
    this.host = host;
    this.setting = setting;
    this.token = setting.token;
    this.loaded = this.load();
    this.line = this.loaded;
  }

  stop(): void {
    this.over = true;
  }

  execute(command: Command): Promise<Outcome> {
    if (command.f === 'read' && !this.setting.readsMemory) return this.askFor(String(command.key));
    const outcome = this.line.then(() => this.carryOut(command));
    this.line = outcome;
    return outcome;
  }

  private get runs(): boolean {
    return !this.over && this.setting.mayRun();
  }

  private async load(): Promise<void> {
    const { service, token } = this.setting;
    const reply = await this.ask({ f: 'open', service, token });
    if (reply.type !== 'ok') {
      this.over = true;
      return;
    }
    const kept = reply.value as Kept;
    for (const [key, value] of Object.entries(kept.values)) this.values.set(key, value);
    this.sequence = kept.sequence;
    this.host.note('started', { service, token });
  }

  /** What the resource has is the truth, whatever else is going on here. */
  private async askFor(key: string): Promise<Outcome> {
    const { service, token } = this.setting;
    await this.loaded;
    if (!this.runs) return { type: 'fail', error: 'not-running' };
    await this.host.sleep(READ);
    return this.ask({ f: 'read', service, token, key });
  }

  private async carryOut(command: Command): Promise<Outcome> {
    if (!this.runs) return { type: 'fail', error: 'not-running' };
    const { service, token } = this.setting;
    const key = String(command.key);
    if (command.f === 'read') return { type: 'ok', value: this.values.get(key) };
    await this.host.sleep(CHANGE);
    const batch = new Batch(this.values);
    const outcome = batch.execute({ ...command, key });
    const [change] = batch.changes;
    if (outcome.type !== 'ok' || change === undefined) return outcome;
    const sequence = this.sequence + 1;
    const stored = await this.ask({ f: 'store', service, token, sequence, key, value: change[1] });
    if (stored.type !== 'ok') {
      // A copy of the request may still be on its way. Under another token it will be refused.
      this.over = true;
      return stored.error === 'superseded' ? stored : { type: 'info', error: stored.error };
    }
    this.sequence = sequence;
    batch.publish();
    return outcome;
  }

  /**
   * Asks until there is an answer, or the instance may not run any more. Silence leaves open whether a change was made: then nothing else may be done before it is known,
   * and asking again under the same number is harmless.
   */
  private async ask(request: ResourceRequest): Promise<ResourceReply> {
    let asked = false;
    do {
      try {
        const { resource } = this.setting;
        const reply = (await this.host.network.request(resource, request, {
          timeout: ATTEMPT,
        })) as ResourceReply;
        if (reply.type === 'fail' && reply.error === 'superseded') this.over = true;
        return reply.type === 'fail' && asked ? { type: 'info', error: reply.error } : reply;
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        asked ||= !error.definite;
        if (error.definite) await this.host.sleep(ATTEMPT);
      }
    } while (this.runs);
    this.over = true;
    return { type: asked ? 'info' : 'fail', error: 'not-running' };
  }
}
