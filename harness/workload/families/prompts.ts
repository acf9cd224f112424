import type { Generator, Workload } from '../../contract/index.ts';
import { nothing } from '../generator.ts';
import { generate } from '../once.ts';

export type PromptsOptions = {
  /** Beginnings that many conversations share (what a provider puts before them), and blocks of each. */
  readonly beginnings: number;
  readonly beginningBlocks: number;
  /** Turns of a conversation, and blocks that each of them adds to what was said before. */
  readonly turns: number;
  readonly turnBlocks: number;
  /** Different blocks that users say. */
  readonly phrases: number;
  /** Tokens of an answer. */
  readonly tokens: number;
};

const DEFAULTS: PromptsOptions = {
  beginnings: 4,
  beginningBlocks: 8,
  turns: 6,
  turnBlocks: 3,
  phrases: 200,
  tokens: 8,
};

const count = (value: number, minimum = 1) =>
  ({ type: 'integer', minimum, maximum: 10_000, default: value }) as const;

/** Numbers of the blocks that users say begin here; below are those of the beginnings. */
const FIRST_PHRASE = 1_000_000;

/**
 * Conversations with a language model: each client has one after the other, and each turn's prompt is all that was said so far, with a
 * beginning that others share. A prompt is a list of blocks of text by their number. What a client asks follows from its thread and the number of the operation alone.
 */
export const prompts: Workload<PromptsOptions> = {
  name: 'prompts',
  summary: 'conversations with a language model: prompts that begin as earlier ones did',
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      beginnings: count(DEFAULTS.beginnings),
      beginningBlocks: count(DEFAULTS.beginningBlocks, 0),
      turns: count(DEFAULTS.turns),
      turnBlocks: count(DEFAULTS.turnBlocks),
      phrases: count(DEFAULTS.phrases),
      tokens: count(DEFAULTS.tokens),
    },
  },
  operations: ['generate'],
  main: (options) => traffic({ ...DEFAULTS, ...options }),
  final: () => nothing,
  checkers: () => [],
};

function traffic(options: PromptsOptions): Generator {
  return generate(({ free, emitted, processes }) => {
    const thread = free[0]!;
    const nth = emitted[thread]!;
    const conversation = Math.floor(nth / options.turns) * processes.length + thread;
    const prompt = promptOf(options, conversation, (nth % options.turns) + 1);
    return { f: 'generate', value: { prompt, tokens: options.tokens } };
  });
}

function promptOf(options: PromptsOptions, conversation: number, turns: number): number[] {
  const { beginnings, beginningBlocks, turnBlocks, phrases } = options;
  const beginning = conversation % beginnings;
  const first = Array.from({ length: beginningBlocks }, (_, nth) => beginning * beginningBlocks + nth);
  const said = Array.from(
    { length: turns * turnBlocks },
    (_, nth) => FIRST_PHRASE + (scattered(conversation * 1000 + nth) % phrases),
  );
  return [...first, ...said];
}

/** A permutation of 32-bit numbers that leaves no pattern (the finaliser of MurmurHash3, Appleby). */
function scattered(number: number): number {
  let h = number | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
