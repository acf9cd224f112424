import type { History, HistoryEvent, Json, Operation, OperationType } from '../../histories/index.ts';

/**
 * Histories for tests, one word per event, in order:
 *
 *     history('0:write(1) 0:ok 1:read 1:ok(1)')
 *     history('0:x.cas(1,2) 1:x.read 0:info 1:ok(1)')
 *
 * `process:f(argument)` invokes, with a key before a dot if there is one; `process:ok(result)`, `process:fail(error)`,
 * `process:info(error)` complete what the process has open. An argument is JSON without blanks; several, parted by commas, make a list; none
 * is null. An `ok` without a result repeats the argument. Indices and times count from 0, one nanosecond apart.
 */
export function history(text: string): History {
  const open = new Map<number, Operation>();
  const events: HistoryEvent[] = text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word, index) => {
      const match = /^(\d+):(?:(\w+)\.)?([\w-]+)(?:\((.*)\))?$/.exec(word);
      if (match === null) throw new Error(`word ${index}: expected process:[key.]f[(argument)], got ${word}`);
      const process = Number(match[1]);
      const f = match[3]!;
      const argument = match[4] === undefined ? undefined : parse(match[4]);
      if (f === 'ok' || f === 'fail' || f === 'info') {
        const invocation = open.get(process);
        const type: OperationType = f;
        const answer = f === 'ok' && argument !== undefined ? argument : (invocation?.value ?? null);
        const completed: Operation = {
          ...(invocation ?? { process, f: 'read' }),
          index,
          time: index,
          type,
          value: answer,
          ...(f !== 'ok' && argument !== undefined && { error: argument }),
        };
        open.delete(process);
        return completed;
      }
      const key = match[2] === undefined ? {} : { key: match[2] };
      const invoked: Operation = {
        index,
        time: index,
        process,
        type: 'invoke',
        f,
        ...key,
        value: argument ?? null,
      };
      open.set(process, invoked);
      return invoked;
    });
  return { header: { sixways: 1, world: 'imported' }, events };
}

function parse(text: string): Json {
  const items = JSON.parse(`[${text}]`) as Json[];
  return items.length === 1 ? items[0]! : items;
}
