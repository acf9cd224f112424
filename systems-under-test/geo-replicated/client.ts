import {
  type Client,
  type Completion,
  type Host,
  MILLISECOND,
  type Nanos,
  type Setting,
} from '../../harness/contract/index.ts';
import { SessionClient } from '../shared/session-client.ts';
import type { GeoReplicatedOptions } from './options.ts';
import { siteOf } from './topology.ts';

const PAUSE: Nanos = 20 * MILLISECOND;

/**
 * Asks the server of its own data centre first, then where that points to, then the next one. An operation is sent again only after an answer that says that it
 * certainly was not carried out.
 */
export function makeClient(host: Host, { options, hosts }: Setting<GeoReplicatedOptions>): Client {
  const servers = hosts.server!;
  const sessions = new SessionClient(host);
  const home = siteOf(host.name, options.sites);
  let target = servers[home - 1]!;

  function turnTo(hint: string): void {
    target =
      servers.includes(hint) && hint !== target
        ? hint
        : servers[(servers.indexOf(target) + 1) % servers.length]!;
  }

  return {
    async invoke(request) {
      const until = host.clock.monotonic() + options.requestTimeout;
      let last: Completion = { type: 'fail', error: 'no-leader' };
      while (host.clock.monotonic() < until) {
        const completion = await sessions.call(target, request, until);
        if (completion.type === 'redirected') {
          const { leader } = completion.reply;
          last = { type: 'fail', error: 'no-leader' };
          turnTo(typeof leader === 'string' ? leader : '');
        } else if (completion.type === 'fail' && completion.error === 'refused') {
          last = completion;
          turnTo('');
        } else {
          if (completion.type !== 'ok') turnTo('');
          return completion;
        }
        await host.sleep(PAUSE);
      }
      return last;
    },
  };
}
