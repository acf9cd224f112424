import {
  type Client,
  type Completion,
  type Host,
  HostError,
  type Nanos,
  type Request,
  type Setting,
} from '../../harness/contract/index.ts';
import type { Answer, Prompt, Token } from './messages.ts';
import { answerTo, type BlockId } from './model.ts';
import type { InferenceRouterOptions } from './options.ts';

/**
 * The user: sends a prompt, sees tokens come, and says when the first came and what the longest gap between two was. To ask again does no harm, and
 * to get no answer is a failure and nothing worse: nothing changes by a prompt.
 */
export function makeClient(host: Host, { options, hosts }: Setting<InferenceRouterOptions>): Client {
  const router = hosts.router![0]!;
  let asked = 0;
  let id = '';
  let first: Nanos | undefined;
  let last: Nanos = 0;
  let gap: Nanos = 0;

  host.network.onMessage((message) => {
    if ((message as Token).id !== id) return;
    const now = host.clock.monotonic();
    if (first === undefined) first = now;
    else gap = Math.max(gap, now - last);
    last = now;
  });

  async function invoke({ value }: Request): Promise<Completion> {
    const { prompt, tokens } = value as { readonly prompt: readonly BlockId[]; readonly tokens: number };
    id = `${host.name}/${host.incarnation}/${++asked}`;
    first = undefined;
    gap = 0;
    const began = host.clock.monotonic();
    const patience = options.requestTimeout;
    const message: Prompt = { id, client: host.name, prompt, tokens, patience };
    let answer: Answer;
    try {
      answer = (await host.network.request(router, message, { timeout: patience })) as Answer;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return { type: 'fail', error: error.code, node: router };
    }
    if (answer.type === 'fail') return { type: 'fail', error: answer.error };
    const right = answerTo(prompt, tokens);
    host.always(answer.tokens.join() === right.join(), 'an answer follows from the whole prompt', {
      prompt,
      expected: right,
      got: answer.tokens,
      node: answer.node,
    });
    const { node, cached } = answer;
    // A token that was lost on its way is seen with the whole answer.
    const firstToken = (first ?? host.clock.monotonic()) - began;
    const seen = { tokens: answer.tokens, cached, blocks: prompt.length, firstToken, gap };
    return { type: 'ok', value: seen, node };
  }

  return { invoke };
}
