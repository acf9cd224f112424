import { type Host, HostError, type Json, type Nanos, type Setting } from '../../harness/contract/index.ts';
import type { Key } from '../shared/value-table.ts';
import type { Reply, Report, UserRequest } from './messages.ts';
import type { WebTierOptions } from './options.ts';
import { WorkQueue } from './work-queue.ts';

/**
 * A front end: does the work of a request, and asks the store for what it needs. It keeps nothing between two requests, so that it does not
 * matter which one a request goes to, and none is missed when it dies. Those beyond the first `frontEnds` serve once the
 * autoscaler has told them to start.
 */
export function startFrontEnd(host: Host, { options, hosts, flaw }: Setting<WebTierOptions>): void {
  const nth = hosts.front!.indexOf(host.name);
  const store = hosts.store![0]!;
  const queue = new WorkQueue(host, {
    speed: options.speeds[nth] ?? 1,
    slice: options.slice,
    bound: options.queueBound,
    shedding: options.shedding,
  });
  let state: 'standby' | 'starting' | 'ready' = nth < options.frontEnds ? 'ready' : 'standby';
  /** Only by a fault on purpose: values as this front end saw them last. */
  const kept = new Map<Key, Json>();

  function start(): null {
    if (state === 'standby') {
      state = 'starting';
      host.after(options.startUp, () => {
        state = 'ready';
      });
    }
    return null;
  }

  async function serve(request: UserRequest): Promise<Reply> {
    const until = host.clock.monotonic() + request.patience;
    const isVisit = request.f === 'visit';
    const end = await queue.submit(isVisit ? (request.value as number) : options.work, until);
    if (end !== 'done') return { type: 'fail', error: end };
    if (isVisit) return { type: 'ok', value: request.value! };
    return askStore(request, until);
  }

  async function askStore({ patience: _, ...request }: UserRequest, until: Nanos): Promise<Reply> {
    const key = request.key as Key;
    if (flaw('state-in-front-end') && request.f === 'read' && kept.has(key))
      return { type: 'ok', value: kept.get(key)! };
    const left = until - host.clock.monotonic();
    if (left <= 0) return { type: 'fail', error: 'expired' };
    try {
      const reply = (await host.network.request(store, request, { timeout: left })) as Reply;
      if (reply.type === 'ok')
        kept.set(key, request.f === 'cas' ? (reply.value as Json[])[1]! : reply.value!);
      return reply;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return { type: error.definite ? 'fail' : 'info', error: error.code };
    }
  }

  host.network.onRequest(async (message): Promise<Json> => {
    const { f } = message as { readonly f: string };
    if (f === 'start') return start();
    if (f === 'report') {
      const report: Report = { ready: state === 'ready', busy: queue.busy, queued: queue.queued };
      return report;
    }
    if (state !== 'ready') return { type: 'fail', error: 'not-started' };
    return { ...(await serve(message as UserRequest)), node: host.name };
  });
}
