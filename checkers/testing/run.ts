import type { History, HistoryEvent, HistoryHeader, Json } from '../../histories/index.ts';

/** What happened, still without its place in the history. */
type Draft = { readonly time: number; readonly event: object };

const MILLISECOND = 1e6;

/**
 * Whole runs as text, for tests: one operation, fault, phase or observation a line, times in milliseconds.
 *
 *     0 write x=1        10..20                  process 0 writes 1 to x, ok
 *     1 cas x=1>2        15..30 fail cas-mismatch
 *     2 read x           15..30 info timeout     (`15..` is never completed)
 *     3 read x=2         40..50 @final           marked with the phase `final`; reads without a key: `read =2`
 *     nemesis pause n1   5..25 #0 bit            the first fault of the schedule with its evidence; `5..` is never healed
 *     phase recovery     60 {"recovered":true}
 *     always n1          12 "one leader a term" {"term":3}      also `sometimes`, `uncaught`, `note`
 *
 * Events of the same time come in the order of the lines, an operation's invocation before its completion.
 */
export function run(text: string, header: Partial<HistoryHeader> = {}): History {
  const drafts = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .flatMap(draftsOf);
  const events = drafts
    .map((draft, order) => ({ ...draft, order }))
    .sort((a, b) => a.time - b.time || a.order - b.order)
    .map(({ time, event }, index) => ({ index, time: time * MILLISECOND, ...event }) as HistoryEvent);
  return {
    header: { sixways: 1, world: 'simulator', ...header },
    events,
    footer: { events: events.length, content: '' },
  };
}

function draftsOf(line: string): Draft[] {
  const [first = '', second = '', third = ''] = line.split(/\s+/);
  const rest = line.split(/\s+/).slice(3).join(' ');
  if (first === 'nemesis') return faultOf(line);
  if (first === 'phase') {
    const value = { name: second, ...(rest === '' ? {} : (JSON.parse(rest) as object)) };
    return [{ time: Number(third), event: { process: 'controller', type: 'info', f: 'phase', value } }];
  }
  if (/^(always|sometimes|uncaught|note)$/.test(first)) {
    const match = /^"([^"]*)"\s*(.*)$/.exec(rest);
    if (match === null) throw new Error(`expected "text" and detail in: ${line}`);
    const data: Json = match[2] === '' ? null : (JSON.parse(match[2]!) as Json);
    return [{ time: Number(third), event: { type: first, host: second, kind: match[1], data } }];
  }
  return operationOf(line);
}

function faultOf(line: string): Draft[] {
  const match = /^nemesis (\S+) (\S+)\s+(\d+)\.\.(\d*) #(\d+)(?: (bit|masked|no-effect))?$/.exec(line);
  if (match === null)
    throw new Error(`expected: nemesis KIND TARGETS FROM..UNTIL #N [OUTCOME], got: ${line}`);
  const [, f, targets, from, until, fault, outcome] = match;
  const evidence = outcome === undefined ? {} : { evidence: { outcome, figures: {} } };
  const draft = (time: string, action: string, extra: object): Draft => ({
    time: Number(time),
    event: {
      process: 'nemesis',
      type: 'info',
      f,
      value: { fault: Number(fault), action, targets: targets!.split(','), ...extra },
    },
  });
  return until === ''
    ? [draft(from!, 'apply', evidence)]
    : [draft(from!, 'apply', {}), draft(until!, 'heal', evidence)];
}

function operationOf(line: string): Draft[] {
  const match =
    /^(\d+) (\w+)(?: ([^\s=]+)?(?:=(\S+))?)?\s+(\d+)\.\.(\d*)(?: (fail|info)(?: ([\w-]+))?)?( @final)?$/.exec(
      line,
    );
  if (match === null) throw new Error(`expected: PROCESS F KEY=VALUE FROM..UNTIL [OUTCOME], got: ${line}`);
  const [, process, f, key, text, from, until, outcome, error, final] = match;
  const value = text === undefined ? null : parsed(text);
  const common = {
    process: Number(process),
    f,
    ...(key !== undefined && { key }),
    ...(final !== undefined && { phase: 'final' }),
  };
  const invoke = {
    time: Number(from),
    event: { ...common, type: 'invoke', value: f === 'read' ? null : value },
  };
  if (until === '') return [invoke];
  const event = {
    ...common,
    type: outcome ?? 'ok',
    value,
    ...(error !== undefined && { error }),
  };
  return [invoke, { time: Number(until), event }];
}

/** `1>2` is `[1, 2]`; the rest is JSON, or a string if it is not. */
function parsed(text: string): Json {
  if (text.includes('>')) return text.split('>').map(parsed);
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
