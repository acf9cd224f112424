import type { Context } from '../context.ts';

/**
 * A reply before it is written in a version of the protocol: a bulk string, an integer, nothing (`null`), an array, or one of the classes
 * here, of which RESP2 writes the form in parentheses.
 */
export type Reply =
  | string
  | number
  | bigint
  | null
  | readonly Reply[]
  | Status
  | ErrorReply
  | Double
  | Flag
  | BigNumber
  | Pairs
  | Unordered
  | Verbatim
  | Push
  | Several
  | typeof NIL_ARRAY
  | typeof NO_REPLY
  | Blocked;

/** A simple string. */
export class Status {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** An error: its code, a blank and a text. */
export class ErrorReply {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A number with a fraction (a bulk string). */
export class Double {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** A boolean (1 or nothing, as of a script). */
export class Flag {
  readonly value: boolean;
  constructor(value: boolean) {
    this.value = value;
  }
}

/** A number of any size, in decimal digits (a bulk string). */
export class BigNumber {
  readonly digits: string;
  constructor(digits: string) {
    this.digits = digits;
  }
}

/** A map: keys and values in turn (a flat array). */
export class Pairs {
  readonly flat: readonly Reply[];
  constructor(flat: readonly Reply[]) {
    this.flat = flat;
  }
}

/** A set (an array). */
export class Unordered {
  readonly members: readonly Reply[];
  constructor(members: readonly Reply[]) {
    this.members = members;
  }
}

/** Text for people (a bulk string). */
export class Verbatim {
  readonly text: string;
  readonly format: string;
  constructor(text: string, format = 'txt') {
    this.text = text;
    this.format = format;
  }
}

/** A message that answers no command (an array). */
export class Push {
  readonly items: readonly Reply[];
  constructor(items: readonly Reply[]) {
    this.items = items;
  }
}

/** Several replies to one command, one after the other. */
export class Several {
  readonly replies: readonly Reply[];
  constructor(replies: readonly Reply[]) {
    this.replies = replies;
  }
}

/**
 * The command waits: for a change of one of these keys, after which `attempt` is made again, which returns undefined as long as there is nothing;
 * or for something that `attempt` sees by itself (no keys). After `until` (milliseconds since the epoch; 0 never) it gets `otherwise`.
 */
export class Blocked {
  readonly keys: readonly string[];
  readonly until: number;
  readonly attempt: (context: Context) => Reply | undefined;
  readonly otherwise: () => Reply;
  constructor(
    keys: readonly string[],
    until: number,
    attempt: (context: Context) => Reply | undefined,
    otherwise: () => Reply,
  ) {
    this.keys = keys;
    this.until = until;
    this.attempt = attempt;
    this.otherwise = otherwise;
  }
}

export const OK = new Status('OK');
export const QUEUED = new Status('QUEUED');
/** An array that is not there: RESP3 knows but one kind of nothing. */
export const NIL_ARRAY = Symbol('nil array');
/** Everything has been written already, or nothing shall be. */
export const NO_REPLY = Symbol('no reply');
