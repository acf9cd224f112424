/** Mutants that no campaign can catch, and why: by file of `systems-under-test`, source and what replaces it. */
export const survivors: readonly {
  readonly file: string;
  readonly source: string;
  readonly mutant: string;
  readonly reason: string;
}[] = [];
