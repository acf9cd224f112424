import {
  type Client,
  type Completion,
  type Host,
  HostError,
  type Json,
  MILLISECOND,
  type Nanos,
  type Request,
  type Setting,
} from '../../harness/contract/index.ts';
import { SessionClient } from '../shared/session-client.ts';
import type { Assignment } from './assignments.ts';
import { type OrchestratorOptions, serviceOf } from './options.ts';

const PATIENCE: Nanos = 900 * MILLISECOND;
/** Patience with a controller that is asked where a service runs. */
const LOOK_UP: Nanos = 50 * MILLISECOND;
/** A place that was learned so long ago is looked up again. */
const PLACE_AGE_MAX: Nanos = 300 * MILLISECOND;
const PAUSE: Nanos = 30 * MILLISECOND;

/** Asks the control plane where a service runs, and that machine from then on; looks again when it is told that it does not run there. */
export class OrchestratorClient implements Client {
  private readonly host: Host;
  private readonly setting: Setting<OrchestratorOptions>;
  private readonly sessions: SessionClient;
  private readonly places = new Map<string, { readonly agent: string; readonly learnedAt: Nanos }>();
  private asked = 0;

  constructor(host: Host, setting: Setting<OrchestratorOptions>) {
    this.host = host;
    this.setting = setting;
    this.sessions = new SessionClient(host);
  }

  async invoke(request: Request): Promise<Completion> {
    const { clock } = this.host;
    const until = clock.monotonic() + PATIENCE;
    const service = serviceOf(this.setting.options, request.key ?? '');
    let last: Completion = { type: 'fail', error: 'not-placed' };
    while (clock.monotonic() + PAUSE < until) {
      const agent = this.known(service) ?? (await this.lookUp(service));
      if (agent !== undefined) {
        const completion = await this.sessions.call(agent, request, until);
        if (completion.type === 'ok') return completion;
        this.places.delete(service);
        if (completion.type === 'info' || completion.type === 'redirected') return answered(completion);
        if (completion.error !== 'not-running' && completion.error !== 'refused') return completion;
        last = completion;
      }
      await this.host.sleep(PAUSE);
    }
    return last;
  }

  private known(service: string): string | undefined {
    const { agent, learnedAt = 0 } = this.places.get(service) ?? {};
    return this.host.clock.monotonic() - learnedAt < PLACE_AGE_MAX ? agent : undefined;
  }

  private async lookUp(service: string): Promise<string | undefined> {
    const controllers = this.setting.hosts.controller!;
    const controller = controllers[this.asked % controllers.length]!;
    try {
      const request = { f: 'where', value: service };
      const reply = await this.host.network.request(controller, request, { timeout: LOOK_UP });
      const { assignment } = reply as { readonly assignment: Assignment | null };
      if (assignment === null) return undefined;
      this.places.set(service, {
        agent: assignment.agent,
        learnedAt: this.host.clock.monotonic(),
      });
      return assignment.agent;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return undefined;
    } finally {
      // Another one the next time: a follower may lag.
      this.asked++;
    }
  }
}

/** Nobody redirects here. */
function answered(
  completion: Completion | { readonly type: 'redirected'; readonly reply: Json },
): Completion {
  return completion.type === 'redirected' ? { type: 'fail', error: 'redirected' } : completion;
}
