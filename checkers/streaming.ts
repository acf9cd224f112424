import type { HistoryEvent, HistoryHeader } from '../histories/index.ts';
import { Pace } from './budget.ts';
import type { Budget, Checker, CheckerStream, HistoryFrame, Verdict } from './checker.ts';
import { validOptions } from './options.ts';
import { verdictOf } from './shared/verdicts.ts';
import { plural } from './shared/words.ts';

/** A checker by its stream: `check` is the same, fed with a whole history. */
export function streaming<Options>(
  checker: Omit<Checker<Options>, 'check'> & Required<Pick<Checker<Options>, 'stream'>>,
): Checker<Options> & Required<Pick<Checker<Options>, 'stream'>> {
  return {
    ...checker,
    check(history, options, budget) {
      const stream = checker.stream(options, budget);
      for (const event of history.events) stream.event(event);
      return stream.finish(history);
    },
  };
}

/** A checker with the options of this check, under the name that it has there. */
export interface Part {
  readonly name: string;
  readonly checker: Checker<never>;
  readonly options: unknown;
}

/** Several checks of one history under way: those that cannot stream share one collection of its events. */
export class Streams implements Pick<CheckerStream, 'event'> {
  /** Names of those for which events are kept. */
  readonly collecting: readonly string[];
  private readonly kept: HistoryEvent[] | undefined;
  private readonly streams: readonly CheckerStream[];
  private readonly endings: readonly ((frame: HistoryFrame) => Verdict)[];

  constructor(parts: readonly Part[], budget: Budget) {
    const collecting: string[] = [];
    const kept: HistoryEvent[] = [];
    const streams: CheckerStream[] = [];
    this.endings = parts.map(({ name, checker, options }) => {
      const stream = checker.stream?.(options as never, budget);
      if (stream === undefined) {
        collecting.push(name);
        return (frame) => checker.check({ ...frame, events: kept }, options as never, budget);
      }
      streams.push(stream);
      collecting.push(...(stream.collecting ?? []).map((inner) => `${name}/${inner}`));
      return (frame) => stream.finish(frame);
    });
    this.kept = parts.some(({ checker }) => checker.stream === undefined) ? kept : undefined;
    this.streams = streams;
    this.collecting = collecting;
  }

  event(event: HistoryEvent): void {
    this.kept?.push(event);
    for (const stream of this.streams) stream.event(event);
  }

  /** In the order of the parts. */
  finish(frame: HistoryFrame): Verdict[] {
    return this.endings.map((ending) => ending(frame));
  }
}

/** Events in the order of a history, with its header: a `HistoryReader`, what `openAnyHistory` gives, or one's own. Read once. */
export interface EventSource extends AsyncIterable<HistoryEvent> {
  readonly header: HistoryHeader;
  /** The same in groups, which cost less. */
  batches?(): AsyncIterable<readonly HistoryEvent[]>;
  /** These two are asked for after the last event. */
  readonly footer?: HistoryFrame['footer'];
  readonly cutOff?: HistoryFrame['cutOff'];
}

export interface StreamedVerdict extends Verdict {
  /** Checkers that cannot stream: for them all events were kept in memory. Empty: none were. */
  readonly collecting: readonly string[];
}

/**
 * Judges a history while it is read: `checkStream(await HistoryReader.open(file), uniqueIds)`. The verdict is that of `check`. A checker with a
 * `stream` keeps what it says of itself, and no events; for any other the events are collected first, and `collecting` names it. Several checkers
 * go over one reading as `compose({...})`.
 *
 * Time that is over (`budget.expired`) ends the reading: `unknown`.
 *
 * @throws SelectionError for options that the schema forbids, before anything is read; HistoryError of the source; and as `check` does
 */
export async function checkStream<Options>(
  source: EventSource,
  checker: Checker<Options>,
  options?: Options,
  budget: Budget = {},
): Promise<StreamedVerdict> {
  const { name } = checker;
  const streams = new Streams([{ name, checker, options: validOptions(checker, options) }], budget);
  const { collecting } = streams;
  const pace = new Pace(budget);
  let events = 0;
  for await (const group of source.batches?.() ?? inOnes(source)) {
    for (const event of group) streams.event(event);
    events += group.length;
    if (pace.over(group.length)) {
      const reason = `the bound of ${pace.bound} was reached after ${plural(events, 'event')}, while the history was read`;
      return { ...verdictOf(name, { anomalies: [], reason }, { events }), collecting };
    }
  }
  const { header, footer, cutOff } = source;
  const [verdict] = streams.finish({ header, ...(footer && { footer }), ...(cutOff && { cutOff }) });
  return { ...verdict!, collecting };
}

async function* inOnes(source: EventSource): AsyncGenerator<readonly HistoryEvent[], void, undefined> {
  for await (const event of source) yield [event];
}
