import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { registries } from '../harness/cli/registries.ts';
import { readHistory } from '../histories/index.ts';
import { judge, type Verdict } from './index.ts';

const FOLDER = join(import.meta.dirname, '../histories/corpus');

/** What a verdict comes to; how it is put in words may change. */
function essence({ checker, validity, anomalies }: Verdict) {
  return {
    checker,
    validity,
    anomalies: anomalies.map(({ name, key, operations }) => ({ name, key, operations })),
  };
}

const files = readdirSync(FOLDER).filter((name) => name.endsWith('.jsonl'));

it.each(files)('the recorded run of real servers %s is judged as it was', async (name) => {
  const { header, events, footer } = await readHistory(join(FOLDER, name));
  const kept = (footer!.verdict as unknown as { readonly verdicts: readonly Verdict[] }).verdicts;
  const chosen = header.checkers ?? [];
  const selections = kept.map(
    ({ checker }) => chosen.find((selection) => selection.name === checker) ?? { name: checker },
  );
  const { verdicts } = judge({ header, events }, selections, registries.checkers);
  expect(verdicts.map(essence)).toEqual(kept.map(essence));
});
