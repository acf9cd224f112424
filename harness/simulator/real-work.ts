/**
 * Real asynchronous work (a file being read, a name looked up, a key derived) that system code began behind the world's back: by a
 * function that no trap guards. It cannot complete while the run holds the thread, so it is looked for when the run is over.
 */
const REAL_WORK = /(ReqPromise|ReqCallback|ReqWrap|Request|Job|TCP|Pipe.*Wrap|UDP)/;

type Census = ReadonlyMap<string, number>;

export function censusOfRealWork(): Census {
  // Opened now if they were not: system code may print, and what Node opens for that is no work of its own.
  void [process.stdout, process.stderr];
  const census = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo()) {
    if (REAL_WORK.test(name)) census.set(name, (census.get(name) ?? 0) + 1);
  }
  return census;
}

/** Kinds of work of which there is more than before. */
export function newRealWork(before: Census): string[] {
  const now = censusOfRealWork();
  return [...now.keys()].filter((name) => now.get(name)! > (before.get(name) ?? 0)).sort();
}
