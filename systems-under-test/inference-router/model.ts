import { hash32 } from '../shared/hash.ts';

/** A block of a prompt: so many tokens, by their number. Two blocks with the same number are the same text. */
export type BlockId = number;

const VOCABULARY = 50_000;

/**
 * What stands for the tensors of the model. The keys and values of a block follow from its text *and everything before it*, and each token of the answer from
 * all of them and its position (greedy decoding). So an answer shows if a cached block was used where it does not belong, or is damaged.
 */
export const NOTHING_BEFORE = 0;

/** `context`: what is known of all blocks before. */
export function keysAndValues(context: number, block: BlockId): number {
  return hash32(`${context}/${block}`);
}

/** The context with one block more, given its keys and values. */
export function attended(context: number, computed: number): number {
  return hash32(`${context}+${computed}`);
}

export function tokenOf(context: number, position: number): number {
  return hash32(`${context}:${position}`) % VOCABULARY;
}

/** The whole answer, computed without any cache. Cost: linear in the prompt. */
export function answerTo(prompt: readonly BlockId[], tokens: number): number[] {
  const context = prompt.reduce(
    (before, block) => attended(before, keysAndValues(before, block)),
    NOTHING_BEFORE,
  );
  return Array.from({ length: tokens }, (_, position) => tokenOf(context, position));
}

/** A name for each prefix of a prompt, the shortest first: equal if and only if (but for the odds of a hash of 64 bits) the prefixes are. */
export function prefixNames(prompt: readonly BlockId[]): string[] {
  let name = '';
  return prompt.map((block) => {
    const low = hash32(`${name}|${block}`);
    const high = hash32(`${block}|${name}|`);
    name = `${low.toString(16)}-${high.toString(16)}`;
    return name;
  });
}
