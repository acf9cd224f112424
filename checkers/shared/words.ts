import type { Json, OperationPair } from '../../histories/index.ts';

/** `1.203 s`: seconds to the millisecond, or finer where the milliseconds would hide it. Takes nanoseconds. */
export function seconds(nanos: number): string {
  const digits = nanos % 1_000_000 === 0 ? 3 : nanos % 1_000 === 0 ? 6 : 9;
  return `${(nanos / 1e9).toFixed(digits)} s`;
}

/** A value as JSON, cut after 60 characters. */
export function inWords(value: Json): string {
  const text = JSON.stringify(value) ?? 'null';
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

/** What was asked and answered: `read x = 5`, `write 3`, `cas x 1 -> 2`, `read x (timeout)`. */
export function whatOf({ invocation, completion }: OperationPair): string {
  const { f, key, value } = invocation;
  const subject = key === undefined ? f : `${f} ${key}`;
  if (f === 'cas' && Array.isArray(value) && value.length === 2) {
    return `${subject} ${inWords(value[0])} -> ${inWords(value[1])}${outcome(completion)}`;
  }
  if (f === 'read') {
    return completion?.type === 'ok'
      ? `${subject} = ${inWords(completion.value)}`
      : `${subject}${outcome(completion)}`;
  }
  const asked = value === null ? subject : `${subject} = ${inWords(value)}`;
  if (completion?.type !== 'ok' || f === 'write' || inWords(completion.value) === inWords(value)) {
    return `${asked}${outcome(completion)}`;
  }
  const answer = inWords(completion.value);
  return value === null ? `${subject} = ${answer}` : `${subject} ${inWords(value)} = ${answer}`;
}

function outcome(completion: OperationPair['completion']): string {
  if (completion === undefined) return ' (never completed)';
  if (completion.type === 'ok') return '';
  const error = completion.error === undefined ? '' : `, ${inWords(completion.error)}`;
  return completion.type === 'fail' ? ` (failed${error})` : ` (indeterminate${error})`;
}

/** `process 3: read x = 5 (1.203 s - 1.207 s)`. */
export function describeOperation(pair: OperationPair): string {
  const until = pair.completion === undefined ? 'open' : seconds(pair.completion.time);
  return `process ${pair.invocation.process}: ${whatOf(pair)} (${seconds(pair.invocation.time)} - ${until})`;
}

/** `a`, `a and b`, `a, b and c`; after `limit` items `and 5 more`. */
export function list(items: readonly string[], limit = 6): string {
  const shown = items.length > limit ? [...items.slice(0, limit), `${items.length - limit} more`] : items;
  if (shown.length <= 1) return shown.join('');
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** `1 read`, `2 reads`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The indices of the operations' lines, ascending, each once: what an anomaly's `operations` wants. */
export function indicesOf(pairs: readonly OperationPair[]): number[] {
  const indices = new Set<number>();
  for (const { invocation, completion } of pairs) {
    indices.add(invocation.index);
    if (completion !== undefined) indices.add(completion.index);
  }
  return [...indices].sort((a, b) => a - b);
}

/** ` of x`, or nothing for a history with a single register that has no name. */
export function ofKey(key: string | number | undefined): string {
  return key === undefined ? '' : ` of ${key}`;
}
