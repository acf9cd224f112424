import { Configurations, type SearchLimits, type SearchMode } from './configurations.ts';
import { type Events, eventsOf, INVOKE, RETURN } from './events.ts';
import { type Calls, type Machine, NEVER, PURE } from './model.ts';
import { NORMAL } from './trace.ts';

export interface SearchOutcome {
  /** `lost`: no configuration left, but the search was narrowed, so that this proves nothing. */
  readonly result: 'valid' | 'invalid' | 'lost' | 'steps' | 'memory' | 'time';
  /** The operation at whose completion no configuration was left, or a bound was reached; -1 if valid. */
  readonly operation: number;
  /** Completions that were passed, of all. */
  readonly passed: number;
  readonly returns: number;
  readonly configurations: number;
  readonly frontierMax: number;
  readonly bytes: number;
  /** An order of the operations that took effect, where the search traced. */
  readonly order?: readonly number[];
}

/**
 * The sweep over the events of one key. Why it is exact, and what keeps it small, is told in `configurations.ts`.
 * Cost: events times configurations held; each configuration generated is a step.
 */
export class FrontierSearch extends Configurations {
  private readonly limits: SearchLimits;
  private readonly mode: SearchMode;
  private readonly events: Events;
  private readonly lastingPerInput: number;
  private leftOut = false;
  private completions = 0;
  private nextEvent = 0;
  private passed = 0;
  private frontierMax = 1;
  private bytesMax = 0;
  private result: SearchOutcome['result'] = 'valid';
  private failedAt = -1;

  /** `from`: a search to go on from, which must not go on itself before this one is done. */
  constructor(
    calls: Calls,
    machine: Machine,
    limits: SearchLimits,
    mode: SearchMode = {},
    from?: FrontierSearch,
  ) {
    const lastingPerInput = mode.reusable ? 1 : (mode.lastingPerInput ?? Number.POSITIVE_INFINITY);
    const questions = mode.questions ?? 0;
    const events = from?.events ?? eventsOf(calls, machine, lastingPerInput, calls.count - questions);
    super(calls, machine, Math.max(1, events.slots + (questions > 0 ? 1 : 0)), mode, from);
    this.limits = limits;
    this.mode = mode;
    this.events = events;
    this.lastingPerInput = lastingPerInput;
    if (from === undefined) return;
    this.frontier.lossy ||= from.lossy;
    this.nextEvent = from.nextEvent;
  }

  run(): SearchOutcome {
    this.start();
    this.advance(NEVER);
    return this.outcome();
  }

  start(): void {
    this.current[0] = this.alive(this.machine.initial);
    this.frontier.add(this.current, 0, -1);
  }

  /** Goes through the events before a position, or until there is no configuration left or a bound is reached. */
  advance(until: number): void {
    const { events } = this;
    for (; this.nextEvent < events.count && this.failedAt < 0; this.nextEvent++) {
      if (events.positions[this.nextEvent]! >= until) return;
      this.limits.pace?.tell(this.nextEvent, events.count);
      this.pass(
        events.kinds[this.nextEvent]!,
        events.operations[this.nextEvent]!,
        events.positions[this.nextEvent]!,
      );
    }
  }

  private pass(kind: number, n: number, position: number): void {
    this.now = position;
    if (kind === INVOKE) this.invoke(n);
    else if (kind === RETURN) this.finish(n);
    else this.release(n);
  }

  private finish(n: number): void {
    const done = this.complete(n);
    this.bytesMax = Math.max(this.bytesMax, this.bytes);
    this.frontierMax = Math.max(this.frontierMax, this.frontier.count);
    if (!done) this.result = this.boundReached();
    else if (this.frontier.count === 0) this.result = this.lossy ? 'lost' : 'invalid';
    if (this.result === 'valid') this.passed++;
    else this.failedAt = n;
  }

  /**
   * What would come of one more operation that is not part of the history: from where the search stands, which must be where it is
   * invoked, to its completion. The search itself stays where it is.
   */
  ask(n: number, limits: SearchLimits): SearchOutcome {
    const { calls, machine, mode } = this;
    if (this.failedAt >= 0) return this.outcome();
    const asked = new FrontierSearch(calls, machine, limits, mode, this);
    asked.pass(INVOKE, n, calls.invoked[n]!);
    asked.advance(calls.returned[n]!);
    if (asked.failedAt < 0) asked.pass(RETURN, n, calls.returned[n]!);
    return asked.outcome();
  }

  outcome(): SearchOutcome {
    const { events, result, passed, frontierMax } = this;
    let returns = 0;
    for (let e = 0; e < events.count; e++) if (events.kinds[e] === RETURN) returns++;
    const order =
      result === 'valid'
        ? this.trace?.order(this.frontier.traces[0]!, this.machine, this.calls.invoked)
        : undefined;
    const [operation, configurations, bytes] = [this.failedAt, this.steps, this.bytesMax];
    return { result, operation, passed, returns, configurations, frontierMax, bytes, order };
  }

  private boundReached(): 'time' | 'steps' | 'memory' {
    if (this.limits.pace?.ended) return 'time';
    return this.steps > this.limits.steps ? 'steps' : 'memory';
  }

  private get bytes(): number {
    return this.frontier.bytes + this.results.bytes + this.queue.bytes + (this.trace?.bytes ?? 0);
  }

  private get lossy(): boolean {
    return this.leftOut || this.frontier.lossy || this.results.lossy || this.queue.lossy;
  }

  private invoke(n: number): void {
    const { machine, calls, frontier, stride, width } = this;
    const input = machine.inputs[n]!;
    const flags = machine.flags[input]!;
    const lasting = calls.returned[n] === NEVER;
    if (lasting && this.slots.lastingWith(input) >= this.lastingPerInput) {
      // One that can be taken again and again makes any other of its kind superfluous.
      if (!this.mode.reusable) this.leftOut = true;
      return;
    }
    const slot = this.slots.take(n);
    const word = slot >>> 5;
    const bit = 1 << (slot & 31);
    const pure = (flags & PURE) !== 0;
    const offset = 1 + (pure ? 0 : width) + word;
    const { words } = frontier;
    for (let c = 0; c < frontier.count; c++) {
      const state = words[c * stride]!;
      const next = machine.step(state, input);
      if (pure ? next < 0 : this.alive(next) !== state) continue;
      words[c * stride + offset]! |= bit;
      if (pure && this.trace) frontier.traces[c] = this.trace.push(frontier.traces[c]!, n, NORMAL, this.now);
    }
  }

  private release(n: number): void {
    const { frontier, stride, width } = this;
    const slot = this.slots.slotOf[n]!;
    if (slot < 0) return;
    const keep = ~(1 << (slot & 31));
    for (let c = 0; c < frontier.count; c++) {
      const at = c * stride + 1 + (slot >>> 5);
      frontier.words[at]! &= keep;
      frontier.words[at + width]! &= keep;
    }
    this.slots.free(n);
  }

  /** False if a limit was reached. */
  private complete(n: number): boolean {
    const { frontier, results, queue, stride, current } = this;
    const slot = this.slots.slotOf[n]!;
    const quiet = this.machine.dead >= 0 && this.machine.lastNegative < this.now;
    const pure = (this.slots.slotFlags[slot]! & PURE) !== 0;
    const leadsTo = this.machine.leadsTo(this.slots.slotInput[slot]!);
    this.uselessNow = quiet && leadsTo >= 0 && this.alive(leadsTo) === this.machine.dead;
    results.clear();
    queue.clear();
    results.deadIsLeast = quiet;
    queue.deadIsLeast = quiet;
    for (let c = 0; c < frontier.count; c++) {
      for (let w = 0; w < stride; w++) current[w] = frontier.words[c * stride + w]!;
      this.settled(current, frontier.traces[c]!, slot, false, false);
    }
    for (let c = 0; c < queue.count; c++) {
      if (queue.words[c * stride] === -1) continue;
      for (let w = 0; w < stride; w++) current[w] = queue.words[c * stride + w]!;
      const trace = queue.traces[c]!;
      const before = this.steps;
      if (pure && this.isFree(slot)) this.serveHidden(slot, trace);
      this.expand(slot, trace, this.restricted[c] === 1, quiet);
      if (this.steps > this.limits.steps || this.bytes > this.limits.memoryBytes) return false;
      // A step costs microseconds where many configurations are held: the clock is asked more often than every 4096.
      if (this.limits.pace?.over(8 * (1 + this.steps - before))) return false;
    }
    this.slots.free(n);
    results.compact();
    this.frontier = results;
    this.results = frontier;
    this.bury();
    if (++this.completions % 16 === 0) this.releaseUsed();
    return true;
  }

  /** Lets go of never-completing operations that every configuration has used: they tell none from another any more. */
  private releaseUsed(): void {
    const { frontier, stride } = this;
    for (let w = 0; w < this.width; w++) {
      let used = this.slots.lasting[w]!;
      for (let c = 0; c < frontier.count && used !== 0; c++) used &= frontier.words[c * stride + 1 + w]!;
      while (used !== 0) {
        const bit = used & -used;
        used ^= bit;
        this.release(this.slots.slotOperation[(w << 5) + 31 - Math.clz32(bit)]!);
      }
    }
  }

  /** States that nobody will observe after this completion are dead from now on. */
  private bury(): void {
    const { machine, frontier, stride } = this;
    if (machine.dead < 0) return;
    this.now++;
    for (let c = 0; c < frontier.count; c++) {
      const state = frontier.words[c * stride]!;
      if (this.alive(state) === state) continue;
      for (let w = 0; w < stride; w++) this.current[w] = frontier.words[c * stride + w]!;
      this.current[0] = machine.dead;
      frontier.traces[c] = this.settle(this.current, frontier.traces[c]!);
      frontier.words.set(this.current, c * stride);
    }
    this.now--;
  }
}
