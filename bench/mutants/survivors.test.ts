import { describe, expect, it } from 'vitest';
import { type Mutant, mutantsOf } from './mutants.ts';
import { reasonOf, survivors } from './survivors.ts';

const folderOf = (file: string): string => file.split('/')[0]!;

describe('the list of survivors', () => {
  const mutants: readonly Mutant[] = [...new Set(survivors.map(({ file }) => folderOf(file)))].flatMap(
    mutantsOf,
  );

  it('names mutants that there are', () => {
    const stale = survivors.filter(
      (known) =>
        !mutants.some(
          ({ file, within, source, mutant }) =>
            file === known.file &&
            within === known.within &&
            source === known.source &&
            mutant === known.mutant,
        ),
    );
    expect(stale).toEqual([]);
  });

  it('names each once', () => {
    const names = survivors.map(({ reason: _, ...site }) => JSON.stringify(site));
    expect(names).toEqual([...new Set(names)]);
  });

  it('gives the reason of a mutant, wherever its line is', () => {
    const [first] = survivors;
    const mutant = mutants.find(
      ({ file, source, mutant: replaced }) =>
        file === first!.file && source === first!.source && replaced === first!.mutant,
    )!;
    expect(reasonOf({ ...mutant, line: 1 })).toBe(first!.reason);
  });
});
