import { type HistoryEvent, isObservation, isOperation } from './operation.ts';

/** Kind of the notes that carry what servers print, in the live world: `data` is `{server, line}`. */
export const LOG_NOTE = 'log';

/** What tells something, in a log that is long. */
const TELLING =
  /error|warn|fail|fatal|panic|lost|lead|master|primary|replica|standby|promot|elect|term|timed? ?out|refused|shut|start|recover|corrupt/i;

interface LogLine {
  readonly time: number;
  readonly host: string;
  readonly server: string;
  readonly line: string;
}

/**
 * What servers printed from the first of these operations to the last (indices of the history), as lines to show. Of a long log those that tell something, of these the first
 * and the last; what is left out is counted. Empty for a history without logs.
 */
export function logsAround(
  events: readonly HistoryEvent[],
  operations: readonly number[],
  most: number,
): string[] {
  const times = operations.flatMap((index) => {
    const event = events[index];
    return event !== undefined && isOperation(event) ? [event.time] : [];
  });
  if (times.length === 0) return [];
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const all = events.flatMap((event): LogLine[] => {
    if (event.time < from || event.time > to || !isObservation(event) || event.kind !== LOG_NOTE) return [];
    const { server, line } = event.data as { readonly server: string; readonly line: string };
    return [{ time: event.time, host: event.host, server, line }];
  });
  const telling = all.filter(({ line }) => TELLING.test(line));
  const chosen = all.length <= most || telling.length === 0 ? all : telling;
  const shown =
    chosen.length <= most
      ? chosen
      : [...chosen.slice(0, Math.ceil(most / 2)), ...chosen.slice(chosen.length - Math.floor(most / 2))];
  const lines = shown.map(
    ({ time, host, server, line }) =>
      `${(time / 1e9).toFixed(3)} s ${host === server ? host : `${host} ${server}`}: ${line}`,
  );
  const left = all.length - shown.length;
  return left === 0 ? lines : [...lines, `and ${left} more lines in the history`];
}
