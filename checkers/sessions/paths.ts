import { guaranteeBetween, namesOf } from './guarantees.ts';
import type { Names } from './names.ts';
import { INITIAL, type SessionHistory } from './session-history.ts';

/**
 * A shortest way from one operation to another by reads-from and by session order as far as the guarantees of the mask keep it.
 * Cost: linear in what precedes the target.
 */
export function pathBetween(
  history: SessionHistory,
  from: number,
  to: number,
  mask: number,
): number[] | undefined {
  const { isWrite, source, session, position, sessions, forkOf } = history;
  const next = new Map<number, number>([[to, -1]]);
  /** By twice the session, plus one for writes: positions below are visited. */
  const visited = new Map<number, number>();
  const queue = [to];
  for (let i = 0; i < queue.length && !next.has(from); i++) {
    const operation = queue[i]!;
    const visit = (before: number): void => {
      if (next.has(before)) return;
      next.set(before, operation);
      queue.push(before);
    };
    if (isWrite[operation] === 0 && source[operation] !== INITIAL) visit(source[operation]!);
    const stem = forkOf[session[operation]!]!;
    const s = stem < 0 ? session[operation]! : session[stem]!;
    const end = stem < 0 ? position[operation]! - 1 : position[stem]!;
    for (const writes of [0, 1]) {
      if ((guaranteeBetween(writes === 1, isWrite[operation] === 1) & mask) === 0) continue;
      const begin = visited.get(2 * s + writes) ?? 0;
      for (let at = end - 1; at >= begin; at--) {
        const before = sessions[s]![at]!;
        if (isWrite[before] === writes) visit(before);
      }
      if (end > begin) visited.set(2 * s + writes, end);
    }
  }
  if (!next.has(from)) return undefined;
  const path: number[] = [];
  for (let at = from; at >= 0; at = next.get(at)!) path.push(at);
  return path;
}

/** `W1, then W2 (monotonic-writes), then R1 (returned W2)`: how one thing came with another. */
export function pathInWords(
  { isWrite, source }: SessionHistory,
  path: readonly number[],
  names: Names,
  session: (firstWrites: boolean, secondWrites: boolean) => string = guaranteeName,
): string {
  return path
    .map((operation, i) => {
      if (i === 0) return names.of(operation);
      const before = path[i - 1]!;
      const why =
        isWrite[operation] === 0 && source[operation] === before
          ? `returned ${names.of(before)}`
          : session(isWrite[before] === 1, isWrite[operation] === 1);
      return `${names.of(operation)} (${why})`;
    })
    .join(', then ');
}

function guaranteeName(firstWrites: boolean, secondWrites: boolean): string {
  return `${namesOf(guaranteeBetween(firstWrites, secondWrites))[0]}, same session`;
}
