import { describe, expect, it } from 'vitest';
import { type Mutant, mutantsOf } from './mutants.ts';
import { reasonOf, type Survivor, survivors } from './survivors.ts';

const folders = new Set(survivors.map(({ file }) => file.split('/')[0]!));
const mutants: readonly Mutant[] = [...folders].flatMap(mutantsOf);

function isNamedBy({ file, within, source, mutants: replaced }: Survivor, mutant: Mutant): boolean {
  return (
    mutant.file === file &&
    mutant.within === within &&
    mutant.source === source &&
    replaced.includes(mutant.mutant)
  );
}

describe('the list of survivors', () => {
  it('names mutants that there are', () => {
    const stale = survivors.filter(
      (known) =>
        !known.mutants.every((replaced) =>
          mutants.some((mutant) => mutant.mutant === replaced && isNamedBy(known, mutant)),
        ),
    );
    expect(stale).toEqual([]);
  });

  it('names each once', () => {
    const twice = mutants.filter(
      (mutant) => survivors.filter((known) => isNamedBy(known, mutant)).length > 1,
    );
    expect(twice).toEqual([]);
  });

  it('gives the reason of a mutant, wherever its line is', () => {
    const [first] = survivors;
    const mutant = mutants.find((candidate) => isNamedBy(first!, candidate))!;
    expect(reasonOf({ ...mutant, line: 1 })).toBe(first!.reason);
  });
});
