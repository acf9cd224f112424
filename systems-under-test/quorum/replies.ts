/** Outcomes of several calls; `undefined` is a call without a good answer. */
export interface Replies<T> {
  /** Resolves with the good answers so far as soon as there are `need` of them, or no call is left. */
  readonly enough: Promise<readonly T[]>;
  /** Resolves with all good answers when no call is left. */
  readonly all: Promise<readonly T[]>;
}

/** Waits for calls that never reject. */
export function replies<T>(calls: readonly Promise<T | undefined>[], need: number): Replies<T> {
  const good: T[] = [];
  let left = calls.length;
  let enough: (good: readonly T[]) => void = () => {};
  let all: (good: readonly T[]) => void = () => {};
  const result = {
    enough: new Promise<readonly T[]>((resolve) => {
      enough = resolve;
    }),
    all: new Promise<readonly T[]>((resolve) => {
      all = resolve;
    }),
  };
  const look = (): void => {
    if (good.length >= need || left === 0) enough([...good]);
    if (left === 0) all(good);
  };
  for (const call of calls) {
    void call.then((answer) => {
      left--;
      if (answer !== undefined) good.push(answer);
      look();
    });
  }
  look();
  return result;
}
