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
import type { PrimaryBackupOptions } from './options.ts';
import type { Fields, View } from './view.ts';

/** A view that was learned so long ago is asked for again before the next operation. */
const VIEW_AGE_MAX: Nanos = 500 * MILLISECOND;
const PAUSE: Nanos = 20 * MILLISECOND;

/**
 * Finds the primary, through the view service or, when that is silent, through the servers; sends each operation to it. An operation is
 * sent again only after an answer that says that it certainly was not carried out.
 */
export function makeClient(host: Host, { options, hosts }: Setting<PrimaryBackupOptions>): Client {
  const sessions = new SessionClient(host);
  const sources = [hosts.view![0]!, ...hosts.server!];
  let view: View | undefined;
  let learnedAt = 0;
  let nextSource = 0;

  function learn(reply: Fields): void {
    const told = reply.view as View | null | undefined;
    if (told == null || told.number === 0 || told.number < (view?.number ?? 0)) return;
    view = told;
    learnedAt = host.clock.monotonic();
  }

  /** Asks one source; the next time another one if this one is silent. */
  async function lookUp(): Promise<void> {
    const source = sources[nextSource % sources.length]!;
    try {
      learn(
        (await host.network.request(source, { f: 'view' }, { timeout: options.forwardTimeout })) as Fields,
      );
      nextSource = 0;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      nextSource++;
    }
  }

  return {
    async invoke(request) {
      const timeout = request.f === 'read' ? options.readTimeout : options.writeTimeout;
      const until = host.clock.monotonic() + timeout;
      let last: Completion = { type: 'fail', error: 'no-primary' };
      if (view === undefined || host.clock.monotonic() - learnedAt > VIEW_AGE_MAX) await lookUp();
      while (host.clock.monotonic() < until) {
        if (view !== undefined) {
          const completion = await sessions.call(view.primary, request, until);
          if (completion.type === 'redirected') {
            learn(completion.reply);
            last = { type: 'fail', error: 'no-primary' };
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
