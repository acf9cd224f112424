/** Where the reply that begins at this place of a byte string ends; -1 if it is not all there. Both versions of the protocol. */
export function replyEnd(text: string, from: number): number {
  const line = text.indexOf('\r\n', from);
  if (line < 0) return -1;
  const end = line + 2;
  const count = Number(text.slice(from + 1, line));
  switch (text[from]) {
    case '$':
    case '=':
    case '!':
      return count < 0 ? end : end + count + 2 <= text.length ? end + count + 2 : -1;
    case '*':
    case '~':
    case '>':
    case '%': {
      let at = end;
      for (let left = text[from] === '%' ? 2 * count : count; left > 0; left--) {
        at = replyEnd(text, at);
        if (at < 0) return -1;
      }
      return at;
    }
    default:
      return end;
  }
}

/** The items of an aggregate reply, in order of their bytes: for what comes in no order that is promised. */
export function sortedReply(text: string): string {
  const mark = text[0];
  if (mark !== '*' && mark !== '~' && mark !== '%' && mark !== '>') return text;
  let at = text.indexOf('\r\n') + 2;
  const items: string[] = [];
  while (at < text.length) {
    let end = replyEnd(text, at);
    if (mark === '%') end = replyEnd(text, end);
    items.push(sortedReply(text.slice(at, end)));
    at = end;
  }
  return text.slice(0, text.indexOf('\r\n') + 2) + items.sort().join('');
}
