/** Codes of the characters that mean something in EDN. */
export const CHARACTER = {
  SPACE: 32,
  QUOTE: 34,
  HASH: 35,
  OPEN_LIST: 40,
  CLOSE_LIST: 41,
  PLUS: 43,
  COMMA: 44,
  MINUS: 45,
  ZERO: 48,
  NINE: 57,
  COLON: 58,
  SEMICOLON: 59,
  OPEN_VECTOR: 91,
  BACKSLASH: 92,
  CLOSE_VECTOR: 93,
  UNDERSCORE: 95,
  CARET: 94,
  OPEN_MAP: 123,
  CLOSE_MAP: 125,
} as const;

/** Ends a token: blanks, quotes, comments and all brackets. */
export const ENDS_TOKEN = new Uint8Array(128).map((_, code) =>
  code <= CHARACTER.SPACE || '",;()[]{}\\'.includes(String.fromCharCode(code)) ? 1 : 0,
);

/** Tags of a tuple of key and value. A tag begins with a letter. */
export const TUPLE_TAG = /^(?=[a-z])[^#]*(?:independent[./]tuple|MapEntry)$/i;
