import { ErrorReply, NIL_ARRAY, type Reply, Status } from './reply.ts';

/** Cuts a stream of RESP2 replies, as a client gets them. */
export class ReplyParser {
  private text = '';

  feed(text: string): void {
    this.text += text;
  }

  /** The next whole reply, or undefined. */
  next(): Reply | undefined {
    const found = parse(this.text, 0);
    if (found === null) return undefined;
    this.text = this.text.slice(found.end);
    return found.reply;
  }
}

function parse(text: string, from: number): { readonly reply: Reply; readonly end: number } | null {
  const line = text.indexOf('\r\n', from);
  if (line < 0) return null;
  const rest = text.slice(from + 1, line);
  const end = line + 2;
  switch (text[from]) {
    case '+':
      return { reply: new Status(rest), end };
    case '-':
      return { reply: new ErrorReply(rest), end };
    case ':':
      return { reply: Number(rest), end };
    case '$': {
      const length = Number(rest);
      if (length < 0) return { reply: null, end };
      if (text.length < end + length + 2) return null;
      return { reply: text.slice(end, end + length), end: end + length + 2 };
    }
    default: {
      const count = Number(rest);
      if (count < 0) return { reply: NIL_ARRAY, end };
      const items: Reply[] = [];
      let at = end;
      for (let nth = 0; nth < count; nth++) {
        const item = parse(text, at);
        if (item === null) return null;
        items.push(item.reply);
        at = item.end;
      }
      return { reply: items, end: at };
    }
  }
}
