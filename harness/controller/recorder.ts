import type {
  HistoryEvent,
  HistorySink,
  Json,
  NemesisOperation,
  Observation,
  Operation,
} from '../../histories/index.ts';

/** An event that has no place in the history yet. */
type Unplaced<Event extends HistoryEvent> = Omit<Event, 'index' | 'time'>;

/**
 * Gives events their index and time, keeps them, and hands them to the sink. Events come while system code runs, whose traps
 * are then armed; the sink is called at `flush` only, which is for the harness's own moments.
 */
export class Recorder {
  readonly events: HistoryEvent[] = [];
  private readonly sink: Pick<HistorySink, 'append'> | undefined;
  private readonly now: () => number;
  private flushed = 0;
  private time = 0;
  private closed = false;

  constructor(now: () => number, sink: Pick<HistorySink, 'append'> | undefined) {
    this.now = now;
    this.sink = sink;
  }

  operation(event: Unplaced<Operation>): void {
    if (!this.closed) this.events.push({ index: this.events.length, time: this.tick(), ...event });
  }

  nemesis(fault: string, value: Json): void {
    this.mark('nemesis', fault, value);
  }

  phase(name: string, figures: { readonly [name: string]: Json } = {}): void {
    this.mark('controller', 'phase', { name, ...figures });
  }

  observation(event: Unplaced<Observation>): void {
    if (!this.closed) this.events.push({ index: this.events.length, time: this.tick(), ...event });
  }

  /** Nothing is recorded any more. */
  close(): void {
    this.closed = true;
  }

  /** @throws what the sink throws. */
  flush(): void {
    const { events, sink } = this;
    if (sink !== undefined) while (this.flushed < events.length) sink.append(events[this.flushed++]!);
  }

  private mark(process: NemesisOperation['process'], f: string, value: Json): void {
    if (this.closed) return;
    this.events.push({ index: this.events.length, time: this.tick(), process, type: 'info', f, value });
  }

  /** Clocks of real machines may go back; histories do not. */
  private tick(): number {
    this.time = Math.max(this.time, this.now());
    return this.time;
  }
}
