/** Number of single-letter insertions, deletions and replacements from one word to the other. Cost: product of the lengths. */
export function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}

/** The known word that was probably meant: at most half of its letters differ, or it contains the other. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const contained = word.length >= 3 && candidate.includes(word);
    const distance = contained ? 1 : editDistance(word, candidate);
    if (distance < least && distance <= candidate.length / 2) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** `one of a, b, c (did you mean b?)`, for messages. */
export function oneOf(known: readonly string[], word: string): string {
  const meant = nearest(word, known);
  const list = known.length === 0 ? 'nothing (none is known)' : `one of ${known.join(', ')}`;
  return meant === undefined ? list : `${list} (did you mean ${meant}?)`;
}
