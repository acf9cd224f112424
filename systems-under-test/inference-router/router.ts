import {
  type Host,
  HostError,
  type Json,
  RequestTimeout,
  type Setting,
} from '../../harness/contract/index.ts';
import type { Answer, Prompt } from './messages.ts';
import { prefixNames } from './model.ts';
import type { InferenceRouterOptions } from './options.ts';
import { RoutingTable } from './routing.ts';

/**
 * The router: chooses a worker for each prompt, and hands the answer back. A worker that refuses or leaves a prompt without an answer is left out for a
 * while, and what it had in its cache is forgotten. To compute an answer twice does no harm, so a prompt that was refused goes to the next worker.
 */
export function startRouter(host: Host, { options, hosts, flaw }: Setting<InferenceRouterOptions>): void {
  const all = hosts.worker!;
  const table = new RoutingTable(options.routing, {
    perBlock: options.prefillPerBlock,
    perAnswer: options.decodeStep,
  });
  const load = new Map(all.map((worker) => [worker, { blocks: 0, answers: 0 }]));
  const ejectedUntil = new Map<string, number>();

  function candidates(tried: ReadonlySet<string>): readonly string[] {
    const now = host.clock.monotonic();
    const left = all.filter((worker) => !tried.has(worker));
    const healthy = left.filter((worker) => (ejectedUntil.get(worker) ?? 0) <= now);
    // Better to try one that may be dead than nobody.
    return healthy.length > 0 || flaw('ejects-for-good') ? healthy : left;
  }

  function eject(worker: string): void {
    table.forget(worker);
    ejectedUntil.set(
      worker,
      flaw('ejects-for-good') ? Number.POSITIVE_INFINITY : host.clock.monotonic() + options.ejectedFor,
    );
  }

  async function ask(worker: string, prompt: Prompt, missing: number): Promise<Answer | undefined> {
    const busy = load.get(worker)!;
    busy.blocks += missing;
    busy.answers++;
    try {
      return (await host.network.request(worker, prompt, { timeout: prompt.patience })) as Answer;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      eject(worker);
      return error instanceof RequestTimeout ? { type: 'fail', error: error.code } : undefined;
    } finally {
      busy.blocks -= missing;
      busy.answers--;
    }
  }

  async function route(prompt: Prompt): Promise<Answer> {
    const until = host.clock.monotonic() + prompt.patience;
    const names = prefixNames(prompt.prompt);
    const tried = new Set<string>();
    for (;;) {
      const able = candidates(tried);
      const patience = until - host.clock.monotonic();
      if (able.length === 0 || patience <= 0) return { type: 'fail', error: 'no-worker' };
      const { worker, expected } = table.choose(names, able, (name) => load.get(name)!);
      table.remember(names, worker);
      const answer = await ask(worker, { ...prompt, patience }, names.length - expected);
      if (answer !== undefined) return answer;
      tried.add(worker);
    }
  }

  host.network.onRequest(async (message): Promise<Json> => ({ ...(await route(message as Prompt)) }));
}
