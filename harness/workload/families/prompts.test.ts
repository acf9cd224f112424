import { describe, expect, it } from 'vitest';
import { simulate } from '../index.ts';
import { seededDraws } from '../testing/lines.ts';
import { type PromptsOptions, prompts } from './prompts.ts';

const run = (options: Partial<PromptsOptions> = {}) =>
  simulate(prompts.main(options as PromptsOptions), { threads: 3, draws: seededDraws(), most: 60 })
    .filter(({ type }) => type === 'invoke')
    .map(({ thread, value }) => ({ thread, ...(value as { prompt: number[]; tokens: number }) }));

describe('prompts', () => {
  it('each turn of a conversation begins with all that was said before', () => {
    const turns = run({ turns: 4, turnBlocks: 2, beginningBlocks: 3 }).filter(({ thread }) => thread === 1);
    expect(turns.slice(0, 5).map(({ prompt }) => prompt.length)).toEqual([5, 7, 9, 11, 5]);
    for (const nth of [1, 2, 3]) {
      const before = turns[nth - 1]!.prompt;
      expect(turns[nth]!.prompt.slice(0, before.length)).toEqual(before);
    }
  });

  it('conversations share beginnings, and little else', () => {
    const openings = run({ beginnings: 2 }).map(({ prompt }) => prompt.slice(0, 8).join());
    expect(new Set(openings).size).toBe(2);
  });
});
