import type { History, HistoryEvent, HistoryHeader, Json, OperationType } from '../../../histories/index.ts';

type Micro = readonly [string, string, Json];

/** Reads what stands for a transaction. */
type MicrosOf = (text: string) => readonly Micro[];

/**
 * Histories of transactions, one a line: process, transaction, and when.
 *
 *     0 ax1ry12   10..20          process 0 appends 1 to x and reads y = [1, 2]; ok
 *     1 rx        15..30 info     reads x; nobody knows (`fail`: certainly not; `15..`: never completed)
 *     2 ax2                       without times: concurrent with all others of that kind
 *
 * A transaction is a row of micro-operations: `a` or `r`, a key from s to z, and digits, each an element. `rx` reads the empty list.
 * For registers (`registerMicros`) they are `w` or `r` with one digit, and `rx_` reads nil.
 * Events of the same time come in the order of the lines. Lines without times are invoked at 0 and complete at 1000.
 */
export function transactions(
  text: string,
  header: Partial<HistoryHeader> = {},
  microsOf: MicrosOf = listMicros,
): History {
  const drafts = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .flatMap((line) => draftsOf(line, microsOf));
  const events = drafts
    .map((draft, order) => ({ ...draft, order }))
    .sort((a, b) => a.time - b.time || a.order - b.order)
    .map(({ order: _, ...event }, index) => ({ index, ...event }) as HistoryEvent);
  return {
    header: { sixways: 1, world: 'simulator', ...header },
    events,
    footer: { events: events.length, content: '' },
  };
}

function draftsOf(line: string, microsOf: MicrosOf): { readonly time: number }[] {
  const match = /^(\d+) (\S+)(?:\s+(\d+)\.\.(\d*))?(?:\s+(ok|fail|info))?$/.exec(line);
  if (match === null)
    throw new Error(`expected: PROCESS TRANSACTION [FROM..[UNTIL]] [fail | info], got: ${line}`);
  const [, process, micros, from = '0', until = match[3] === undefined ? '1000' : '', type = 'ok'] = match;
  const value = microsOf(micros!);
  const unread = value.map(([f, key, read]): Micro => [f, key, f === 'r' ? null : read]);
  const event = (time: string, kind: OperationType, what: Json) => ({
    time: Number(time) * 1_000_000,
    process: Number(process),
    type: kind,
    f: 'txn',
    value: what,
  });
  const invocation = event(from, 'invoke', unread);
  if (until === '') return [invocation];
  return [invocation, event(until, type as OperationType, type === 'ok' ? value : unread)];
}

/** `ax1ry12` is `[["append", "x", 1], ["r", "y", [1, 2]]]`. */
function listMicros(text: string): Micro[] {
  if (!/^([ar][s-z]\d*)+$/.test(text))
    throw new Error(`expected micro-operations such as ax1ry12, got: ${text}`);
  return [...text.matchAll(/([ar])([s-z])(\d*)/g)].flatMap(([, f, key, digits]): Micro[] => {
    const elements = [...digits!].map(Number);
    return f === 'r' ? [['r', key!, elements]] : elements.map((element) => ['append', key!, element]);
  });
}

/** `wx1ry2rz_` is `[["w", "x", 1], ["r", "y", 2], ["r", "z", null]]`. */
export function registerMicros(text: string): Micro[] {
  if (!/^([wr][s-z](\d|_))+$/.test(text))
    throw new Error(`expected micro-operations such as wx1ry2, got: ${text}`);
  return [...text.matchAll(/([wr])([s-z])(\d|_)/g)].map(
    ([, f, key, digit]): Micro => [f!, key!, digit === '_' ? null : Number(digit)],
  );
}
