import type { Message } from '../contract/index.ts';

/** Messages that one side of a connection may have on their way, or arrived and not yet taken by the process. */
export const WINDOW = 64;

/**
 * What travels between the two kernels of a connection. `type` names the kind for draws; `c` is the connection; `s` a sequence number:
 * of this segment, or in an `ack` the next one expected, `w` how many from there on there is room for.
 */
export type Segment =
  | { readonly type: 'syn' | 'syn-ack' | 'rst'; readonly c: string }
  | { readonly type: 'data'; readonly c: string; readonly s: number; readonly m: Message }
  | { readonly type: 'fin'; readonly c: string; readonly s: number }
  | { readonly type: 'ack'; readonly c: string; readonly s: number; readonly w: number };

export type DataSegment = Extract<Segment, { readonly type: 'data' | 'fin' }>;
export type AckSegment = Extract<Segment, { readonly type: 'ack' }>;

/** The segment in a packet; undefined if bits that flipped on the way left none: it is then as good as lost. */
export function readSegment(message: Message): Segment | undefined {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return undefined;
  const { type, c, s, w } = message as { readonly [key: string]: Message };
  if (typeof c !== 'string') return undefined;
  const numbered = Number.isSafeInteger(s) && (s as number) >= 0;
  switch (type) {
    case 'syn':
    case 'syn-ack':
    case 'rst':
      return message as Segment;
    case 'data':
      return numbered && 'm' in message ? (message as Segment) : undefined;
    case 'fin':
      return numbered ? (message as Segment) : undefined;
    case 'ack':
      return numbered && Number.isSafeInteger(w) && (w as number) >= 0 && (w as number) <= WINDOW
        ? (message as Segment)
        : undefined;
    default:
      return undefined;
  }
}

/** What a kernel without a process, or without this connection, answers to a segment; undefined if nothing. */
export function resetFor(message: Message): Message | undefined {
  const segment = readSegment(message);
  return segment === undefined || segment.type === 'rst' ? undefined : { type: 'rst', c: segment.c };
}
