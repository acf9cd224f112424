/** Whether the text fits the pattern: `*`, `?`, `[abc]`, `[^a-z]`, and a backslash before a literal. */
export function globMatches(pattern: string, text: string): boolean {
  return matches(pattern, 0, text, 0);
}

function matches(pattern: string, patternAt: number, text: string, textAt: number): boolean {
  let p = patternAt;
  let t = textAt;
  // The last star, and where the text behind it is tried from: going back to it alone is enough.
  let star = -1;
  let tried = 0;
  for (;;) {
    if (p < pattern.length && pattern[p] === '*') {
      star = ++p;
      tried = t;
      continue;
    }
    if (t >= text.length) return p >= pattern.length;
    const next = p < pattern.length ? one(pattern, p, text[t]!) : -1;
    if (next >= 0) {
      p = next;
      t++;
    } else if (star >= 0) {
      p = star;
      t = ++tried;
    } else return false;
  }
}

/** Where the pattern goes on after it matched this character; -1 if it does not. */
function one(pattern: string, at: number, character: string): number {
  const mark = pattern[at]!;
  if (mark === '?') return at + 1;
  if (mark === '\\' && at + 1 < pattern.length) return pattern[at + 1] === character ? at + 2 : -1;
  if (mark !== '[') return mark === character ? at + 1 : -1;
  let p = at + 1;
  const negated = pattern[p] === '^';
  if (negated) p++;
  let found = false;
  while (p < pattern.length && pattern[p] !== ']') {
    if (pattern[p] === '\\' && p + 1 < pattern.length) {
      if (pattern[++p] === character) found = true;
    } else if (pattern[p + 1] === '-' && p + 2 < pattern.length) {
      let [low, high] = [pattern[p]!, pattern[p + 2]!];
      if (low > high) [low, high] = [high, low];
      if (character >= low && character <= high) found = true;
      p += 2;
    } else if (pattern[p] === character) found = true;
    p++;
  }
  return found !== negated ? p + 1 : -1;
}
