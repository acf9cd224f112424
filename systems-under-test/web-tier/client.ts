import {
  type Client,
  type Completion,
  type Host,
  HostError,
  type Json,
  type Nanos,
  type Request,
  type Setting,
} from '../../harness/contract/index.ts';
import type { Reply, UserRequest } from './messages.ts';
import type { WebTierOptions } from './options.ts';
import { RetryBudget } from './retry-budget.ts';

/** Only what these have said is an answer of the store itself; all else may be tried again. */
const FINAL_ERRORS: readonly Json[] = ['cas-mismatch'];

/**
 * The user's program: one deadline for everything, attempts with a timeout each, and a budget of retries.
 *
 * A request that got no answer may be carried out, now or later. It is sent again under the same number of the same session, so that the store
 * carries it out once. Where that cannot be found out (the store knows the session no more), or nothing answers, the outcome
 * is unknown if *any* attempt may have got through, whatever became of the last one.
 */
export function makeClient(host: Host, { options, hosts, flaw }: Setting<WebTierOptions>): Client {
  const balancers = hosts.balancer!;
  const budget = new RetryBudget(options.retryBudget);
  let balancer = host.random.integer(0, balancers.length - 1);
  let session: string | undefined;
  let number = 0;

  const now = () => host.clock.monotonic();

  /** What came back, or what can be concluded from nothing. */
  async function send(request: Omit<UserRequest, 'patience'>, until: Nanos): Promise<Reply> {
    const patience = Math.min(options.attemptTimeout, until - now());
    if (patience <= 0) return { type: 'fail', error: 'no-time-left' };
    const node = balancers[balancer]!;
    try {
      return (await host.network.request(node, { ...request, patience }, { timeout: patience })) as Reply;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      balancer = (balancer + 1) % balancers.length;
      return { type: error.definite ? 'fail' : 'info', error: error.code, node };
    }
  }

  /** False if another attempt is not granted, or comes too late. */
  async function mayRetry(attempt: number, until: Nanos): Promise<boolean> {
    if (attempt >= options.attempts || !budget.take()) return false;
    const longest = options.backoff * 2 ** (attempt - 1);
    await host.sleep(longest / 2 + host.random.integer(0, Math.floor(longest / 2)));
    return now() < until;
  }

  async function openSession(until: Nanos): Promise<Reply | undefined> {
    const reply = await send({ f: 'open' }, until);
    if (reply.session === undefined) return reply;
    session = reply.session;
    return undefined;
  }

  function message({ f, key, value }: Request): Omit<UserRequest, 'patience'> {
    if (f === 'visit') return { f, value };
    return { f, key: key ?? null, value, session: session!, number };
  }

  async function invoke(request: Request): Promise<Completion> {
    const until = now() + options.patience;
    const harmless = request.f === 'visit' || request.f === 'read';
    budget.request();
    number++;
    let uncertain = false;
    for (let attempt = 1; ; attempt++) {
      const noSession = request.f === 'visit' || session !== undefined ? undefined : await openSession(until);
      const reply = noSession ?? (await send(message(request), until));
      const node = reply.node === undefined ? {} : { node: reply.node };
      if (reply.type === 'ok') return { type: 'ok', value: reply.value ?? null, ...node };
      if (reply.type === 'fail' && FINAL_ERRORS.includes(reply.error ?? null))
        return { type: 'fail', error: reply.error!, ...node };
      if (reply.type === 'no-session') session = undefined;
      else if (noSession === undefined && reply.type === 'info') uncertain = true;
      if (flaw('forgets-earlier-attempts')) uncertain = noSession === undefined && reply.type === 'info';
      const lost = reply.type === 'no-session' && uncertain;
      if (lost || !(await mayRetry(attempt, until)))
        return {
          type: uncertain && !harmless ? 'info' : 'fail',
          error: reply.error ?? 'no-session',
          ...node,
        };
      if (flaw('new-number-for-a-retry')) number++;
    }
  }

  return { invoke };
}
