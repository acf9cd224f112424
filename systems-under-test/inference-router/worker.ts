import type { Host, Json, Nanos, Setting } from '../../harness/contract/index.ts';
import { RegionTable } from '../shared/region-table.ts';
import type { Answer, Prompt, Token } from './messages.ts';
import { attended, keysAndValues, NOTHING_BEFORE, prefixNames, tokenOf } from './model.ts';
import type { InferenceRouterOptions } from './options.ts';
import { PrefixCache } from './prefix-cache.ts';

/** Bytes of a slot of the cache: room for one number. */
const SLOT_BYTES = 16;

/** One answer under way. */
interface Sequence {
  readonly request: Prompt;
  readonly names: readonly string[];
  readonly until: Nanos;
  /** Blocks whose keys and values are known, and what follows from all of them. */
  computed: number;
  context: number;
  cached: number;
  /** Names that this answer has pinned in the cache. */
  readonly pinned: string[];
  readonly tokens: number[];
  readonly resolve: (answer: Answer) => void;
}

/**
 * A worker: computes keys and values of the blocks of a prompt that are not cached (prefill), then one token after the other (decode).
 * All answers under way advance together, one token a step, and new ones join between two steps (continuous batching: Yu et al., "Orca",
 * OSDI 2022); prefill is cut into chunks, so that it does not hold the others up for long (Agrawal et al., "Sarathi-Serve", OSDI 2024).
 */
export function startWorker(host: Host, { options, flaw }: Setting<InferenceRouterOptions>): void {
  const table = new RegionTable(host.memory, 'keys-and-values', SLOT_BYTES, !flaw('cache-not-checked'));
  const cache = new PrefixCache(table, options.cacheBlocks);
  const waiting: Sequence[] = [];
  let running: Sequence[] = [];
  let stepping = false;

  function submit(request: Prompt): Promise<Answer> {
    const names = flaw('matches-block-alone')
      ? request.prompt.map((block) => `${block}`)
      : prefixNames(request.prompt);
    const until = host.clock.monotonic() + request.patience;
    return new Promise((resolve) => {
      const start = { computed: 0, context: NOTHING_BEFORE, cached: 0, pinned: [], tokens: [] };
      waiting.push({ request, names, until, ...start, resolve });
      if (!stepping) step();
    });
  }

  function admit(): void {
    while (running.length < options.batch && waiting.length > 0) {
      const sequence = waiting.shift()!;
      const found = cache.take(sequence.names);
      sequence.pinned.push(...sequence.names.slice(0, found.length));
      sequence.computed = found.length;
      sequence.cached = found.length;
      sequence.context = found.reduce(attended, NOTHING_BEFORE);
      host.note('prefix', { cached: found.length, blocks: sequence.names.length });
      running.push(sequence);
    }
  }

  /** Computes up to a chunk of blocks, of the answers in their order. @returns How many. */
  function prefill(): number {
    let left = options.prefillChunk;
    for (const sequence of running) {
      const { prompt } = sequence.request;
      while (left > 0 && sequence.computed < prompt.length) {
        const computed = keysAndValues(sequence.context, prompt[sequence.computed]!);
        const name = sequence.names[sequence.computed]!;
        if (cache.add(name, computed)) sequence.pinned.push(name);
        sequence.context = attended(sequence.context, computed);
        sequence.computed++;
        left--;
      }
    }
    return options.prefillChunk - left;
  }

  function decode(sequence: Sequence): void {
    const { id, client } = sequence.request;
    const position = sequence.tokens.length;
    sequence.tokens.push(tokenOf(sequence.context, position));
    const token: Token = { id, position };
    host.network.send(client, token);
  }

  function isOver(sequence: Sequence): boolean {
    const { tokens, cached, request } = sequence;
    const isComplete = tokens.length >= request.tokens;
    // Nobody waits for the rest.
    if (!isComplete && host.clock.monotonic() < sequence.until) return false;
    cache.release(sequence.pinned);
    sequence.resolve(
      isComplete ? { type: 'ok', tokens, cached, node: host.name } : { type: 'fail', error: 'expired' },
    );
    return true;
  }

  /** One step of all answers under way; what it gives leaves the host when its time is over. */
  function step(): void {
    admit();
    stepping = running.length > 0;
    if (!stepping) return;
    const decoding = running.filter(({ computed, request }) => computed === request.prompt.length);
    const blocks = prefill();
    host.spend(
      blocks * options.prefillPerBlock +
        (decoding.length > 0 ? options.decodeStep + decoding.length * options.decodePerAnswer : 0),
    );
    for (const sequence of decoding) decode(sequence);
    running = running.filter((sequence) => !isOver(sequence));
    host.after(0, step);
  }

  host.network.onRequest(async (message): Promise<Json> => ({ ...(await submit(message as Prompt)) }));
}
