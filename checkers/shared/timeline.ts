import { type History, type HistoryEvent, isNemesis, isPhase, type Json } from '../../histories/index.ts';
import { inWords, list, seconds } from './words.ts';

/** What the nemesis recorded about one scheduled fault, or what the schedule says of one that was never applied. */
export interface FaultRecord {
  /** Position in the schedule; -1 - n for the n-th application that names no position. */
  readonly fault: number;
  readonly kind: string;
  /** Names of hosts, switches, ... as resolved when it was applied. */
  readonly targets: Json;
  /** Time of application; undefined if it never came to it. */
  readonly from?: number;
  /** Time of healing; undefined while in force at the end of the history. */
  readonly until?: number;
  /** The strongest outcome that was recorded; undefined if none was. */
  readonly outcome?: 'bit' | 'masked' | 'no-effect';
  readonly figures?: Json;
}

const STRENGTH = { 'no-effect': 0, masked: 1, bit: 2 } as const;

type JsonObject = { readonly [key: string]: Json };

/** The value as an object, if it is one. */
export function asObject(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

/** Gathers the faults from the events of a nemesis, one after the other. */
export class FaultLog {
  private readonly records = new Map<number, { -readonly [name in keyof FaultRecord]: FaultRecord[name] }>();
  private unnamed = 0;

  /** Takes the next event of the history; passes over all but the nemesis's. */
  event(event: HistoryEvent): void {
    if (!isNemesis(event)) return;
    const value = asObject(event.value) ?? {};
    const position = typeof value.fault === 'number' ? value.fault : -1 - this.unnamed++;
    let record = this.records.get(position);
    if (record === undefined) {
      record = { fault: position, kind: event.f, targets: value.targets ?? null };
      this.records.set(position, record);
    }
    if (value.action === 'heal') record.until = event.time;
    // What is recorded later, such as evidence gathered at the end, neither applies nor heals.
    else if (value.action === 'apply' || value.action === undefined) record.from ??= event.time;
    const evidence = asObject(value.evidence);
    const outcome = evidence?.outcome;
    if (outcome === 'bit' || outcome === 'masked' || outcome === 'no-effect') {
      if (record.outcome === undefined || STRENGTH[outcome] >= STRENGTH[record.outcome]) {
        record.outcome = outcome;
        record.figures = evidence?.figures ?? {};
      }
    }
  }

  /** In order of application. */
  faults(): FaultRecord[] {
    return [...this.records.values()];
  }
}

/** The faults of a history in order of application, from the events of its nemesis. Cost: linear in the events. */
export function faultsOf(history: History): FaultRecord[] {
  const log = new FaultLog();
  for (const event of history.events) log.event(event);
  return log.faults();
}

/** Those in force at some moment of this span of time, both ends included. */
export function inForce(faults: readonly FaultRecord[], from: number, until: number): FaultRecord[] {
  return faults.filter(
    (fault) =>
      fault.from !== undefined && fault.from <= until && (fault.until ?? Number.POSITIVE_INFINITY) >= from,
  );
}

/** `pause of n2 (fault 3, 4.000 s - 6.000 s)`. */
export function describeFault(fault: FaultRecord): string {
  const on = targetsInWords(fault.targets);
  const number = fault.fault >= 0 ? `fault ${fault.fault}, ` : '';
  const span =
    fault.from === undefined
      ? 'never applied'
      : fault.until === fault.from
        ? `at ${seconds(fault.from)}`
        : `${seconds(fault.from)} - ${fault.until === undefined ? 'the end' : seconds(fault.until)}`;
  return `${fault.kind}${on === '' ? '' : ` of ${on}`} (${number}${span})`;
}

/** The faults of a span in one phrase: `no fault was in force` or `in force meanwhile: ...`. */
export function faultsInWords(faults: readonly FaultRecord[]): string {
  return faults.length === 0
    ? 'No fault was in force meanwhile.'
    : `In force meanwhile: ${list(faults.map(describeFault))}.`;
}

/** Names out of `['n1', 'n2']`, `{hosts: ['n1']}`, `{role: 'leader', index: 0}` or whatever else was recorded. */
export function targetsInWords(targets: Json): string {
  if (targets === null) return '';
  if (typeof targets === 'string') return targets;
  if (Array.isArray(targets))
    return list(targets.map((item) => (typeof item === 'string' ? item : inWords(item))));
  const object = asObject(targets);
  if (object === undefined) return inWords(targets);
  if (object.none === true) return '';
  if (typeof object.role === 'string') return `the ${object.role}`;
  const [only, ...others] = Object.keys(object);
  return only !== undefined && others.length === 0 ? targetsInWords(object[only]!) : inWords(targets);
}

/** A phase of the run: from its marker to the next one, or to the last event. Times in nanoseconds. */
export interface Phase {
  readonly name: string;
  readonly from: number;
  readonly until: number;
  /** Index of the marker. */
  readonly index: number;
  /** What the controller said with it. */
  readonly value: JsonObject;
}

/** The phases in order. A marker is `{name, ...}` or the bare name. Cost: linear in the events. */
export function phasesOf(history: History): Phase[] {
  const markers: { name: string; from: number; index: number; value: JsonObject }[] = [];
  for (const event of history.events) {
    if (!isPhase(event)) continue;
    const value = asObject(event.value) ?? { name: event.value };
    if (typeof value.name === 'string') {
      markers.push({ name: value.name, from: event.time, index: event.index, value });
    }
  }
  const end = endOf(history);
  return markers.map((marker, i) => ({ ...marker, until: markers[i + 1]?.from ?? end }));
}

/** Time of the last event; 0 for an empty history. */
export function endOf(history: History): number {
  return history.events.at(-1)?.time ?? 0;
}

/** True if the plan was allowed to exceed the system's tolerance: liveness is then nobody's promise. */
export function isBeyond({ header }: Pick<History, 'header'>): boolean {
  return asObject(header.plan)?.beyond === true;
}
