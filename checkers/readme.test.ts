import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { History, Json } from '../histories/index.ts';
import * as exported from './index.ts';
import { judge } from './judge.ts';
import { run } from './testing/run.ts';
import { registerMicros, transactions } from './transactions/testing/notation.ts';

/**
 * The README shows histories and what the checkers say of them. Each block marked `history CHECKER [OPTIONS]` is judged, and the quotation
 * after it must be what the checker says; `UPDATE_DOCS=1` writes that there instead.
 */
const README = join(import.meta.dirname, 'README.md');
const EXAMPLE = /```history (\S+)(?: (\{.*\}))?\n([\s\S]*?)```\n((?:\n?>[^\n]*\n)*)/g;
const UPDATE = process.env.UPDATE_DOCS === '1';

const registry = Object.values(exported).filter(isChecker);

function isChecker(value: unknown): value is exported.Checker {
  return typeof value === 'object' && value !== null && 'check' in value && 'options' in value;
}

/** In the notation of runs, or in that of transactions for the checkers of transactions. */
function historyFor(checker: string, text: string): History {
  if (checker === 'list-append') return transactions(text);
  return checker === 'rw-register' ? transactions(text, {}, registerMicros) : run(text);
}

/** What is said first, as a quotation. */
function quotation(checker: string, options: Json, text: string): string {
  const { verdicts } = judge(historyFor(checker, text), [{ name: checker, options }], registry);
  const { validity, reason, anomalies } = verdicts[0]!;
  const [first] = anomalies;
  const said =
    first === undefined
      ? `${validity}${reason === undefined ? '' : `: ${reason}`}`
      : `**${first.name}** ${first.explanation}`;
  return `\n${said
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n>\n')}\n`;
}

describe('README', () => {
  const text = readFileSync(README, 'utf8');
  const examples = [...text.matchAll(EXAMPLE)];

  it('has a dozen explanations', () => {
    expect(examples.length).toBeGreaterThanOrEqual(10);
  });

  it.each(
    examples.map(([whole, checker, options, history, shown]) => ({
      whole,
      checker,
      options,
      history,
      shown,
    })),
  )('says what $checker says of its history: $history', ({ checker, options, history, shown }) => {
    const said = quotation(checker!, JSON.parse(options ?? '{}') as Json, history!);
    expect(said).toContain('**');
    if (!UPDATE) expect(shown).toBe(said);
  });

  it.runIf(UPDATE)('is written anew', () => {
    const updated = text.replace(
      EXAMPLE,
      (_, checker: string, options: string | undefined, history: string) => {
        const head = `\`\`\`history ${checker}${options === undefined ? '' : ` ${options}`}\n${history}\`\`\`\n`;
        return head + quotation(checker, JSON.parse(options ?? '{}') as Json, history);
      },
    );
    writeFileSync(README, updated);
  });
});
