import {
  type Client,
  type Completion,
  type Host,
  HostError,
  MILLISECOND,
  type Nanos,
  type Setting,
} from '../../harness/contract/index.ts';
import { SessionClient } from '../shared/session-client.ts';
import type { Configuration, Fields } from './configuration.ts';
import type { ChainOptions } from './options.ts';

/** A configuration that was learned so long ago is asked for again before the next operation. */
const AGE_MAX: Nanos = 500 * MILLISECOND;
const PAUSE: Nanos = 20 * MILLISECOND;

/**
 * Finds head and tail, through the master or, when that is silent, through the servers; sends updates to the head and reads to the tail, or to
 * any server. An operation is sent again only after an answer that says
 * that it certainly was not carried out.
 */
export function makeClient(host: Host, { options, hosts }: Setting<ChainOptions>): Client {
  const sessions = new SessionClient(host);
  const sources = [hosts.master![0]!, ...hosts.server!];
  let configuration: Configuration | undefined;
  let learnedAt = 0;
  let nextSource = 0;

  function learn(reply: Fields): void {
    const told = reply.configuration as Configuration | undefined;
    if (told === undefined || told.number === 0 || told.number < (configuration?.number ?? 0)) return;
    configuration = told;
    learnedAt = host.clock.monotonic();
  }

  /** Asks one source; the next time another one if this one is silent. */
  async function lookUp(): Promise<void> {
    const source = sources[nextSource % sources.length]!;
    try {
      const question = { f: 'configuration' };
      learn((await host.network.request(source, question, { timeout: options.forwardTimeout })) as Fields);
      nextSource = 0;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      nextSource++;
    }
  }

  function target(f: string, { chain }: Configuration): string {
    if (f !== 'read') return chain[0]!;
    return options.reads === 'any' ? host.random.pick(chain) : chain.at(-1)!;
  }

  return {
    async invoke(request) {
      const timeout = request.f === 'read' ? options.readTimeout : options.writeTimeout;
      const until = host.clock.monotonic() + timeout;
      let last: Completion = { type: 'fail', error: 'no-chain' };
      if (configuration === undefined || host.clock.monotonic() - learnedAt > AGE_MAX) await lookUp();
      while (host.clock.monotonic() < until) {
        if (configuration !== undefined) {
          const server = target(request.f, configuration);
          const completion = await sessions.call(server, request, until);
          if (completion.type === 'redirected') {
            learn(completion.reply);
            last = { type: 'fail', error: 'no-chain' };
          } else if (completion.type === 'fail' && completion.error === 'refused') {
            last = completion;
          } else {
            if (completion.type !== 'ok') learnedAt = 0;
            return completion;
          }
        }
        await host.sleep(PAUSE);
        await lookUp();
      }
      return last;
    },
  };
}
