import { type HistoryHeader, isOperation, type Json, type Operation } from '../../histories/index.ts';
import type { Checker, HistoryFrame, Verdict } from '../checker.ts';
import { asObject, describeFault, FaultLog, type FaultRecord, targetsInWords } from '../shared/timeline.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { inWords, list, plural } from '../shared/words.ts';
import { streaming } from '../streaming.ts';

/** A fault of the plan's schedule with what became of it. */
interface Scheduled extends FaultRecord {
  readonly mustBite: boolean;
}

/**
 * Was anything tested at all? A run is `unknown` if every fault of its schedule had no effect, if one that must bite
 * had none, if no operation of a client succeeded, or if the run did not reach its end (a hang, a file that was cut off). A fault that was never applied, because the run ended before,
 * had no effect, and so had one without recorded evidence. It is never invalid. Histories without a plan, such as imported ones, are exempt. A stream keeps the faults.
 */
export const evidence: Checker = streaming({
  name: 'evidence',
  summary: 'the scheduled faults changed something, and clients were served',
  cost: 'O(n)',
  options: { type: 'object', properties: {}, additionalProperties: false },
  stream() {
    const log = new FaultLog();
    const ends = new Ends();
    return {
      event(event) {
        log.event(event);
        if (isOperation(event)) ends.event(event);
      },
      finish: (frame) => verdictOfRun(frame, log.faults(), ends),
    };
  },
});

/** Of that many different errors the first are counted, each cut to so many characters. */
const MOST_ERRORS = 20;
const MOST_CHARACTERS = 80;

/** How operations ended: so that who has no success at all is told why. */
class Ends {
  succeeded = 0;
  private readonly errors = new Map<string, number>();

  event({ type, error }: Operation): void {
    if (type === 'ok') this.succeeded++;
    if (error === undefined || error === null) return;
    const named = inWords(error).slice(0, MOST_CHARACTERS);
    if (this.errors.has(named) || this.errors.size < MOST_ERRORS)
      this.errors.set(named, (this.errors.get(named) ?? 0) + 1);
  }

  inWords(): string {
    const [most] = [...this.errors].sort(([, a], [, b]) => b - a);
    return most === undefined ? '' : ` (most often ${most[0]}, ${plural(most[1], 'time')})`;
  }
}

function verdictOfRun(frame: HistoryFrame, faults: readonly FaultRecord[], ends: Ends): Verdict {
  const { succeeded } = ends;
  const schedule = scheduleOf(frame, faults);
  if (schedule === undefined) {
    return verdictOf('evidence', { anomalies: [] }, { exempt: 'the history has no schedule' });
  }
  const idle = schedule.filter(({ outcome }) => outcome === undefined || outcome === 'no-effect');
  const reasons: string[] = [];
  if (schedule.length > 0 && idle.length === schedule.length) {
    reasons.push(`none of the scheduled faults had an effect: ${list(idle.map(whatBecameOf), 20)}`);
  } else {
    const demanded = idle.filter(({ mustBite }) => mustBite);
    if (demanded.length > 0) {
      reasons.push(`faults that must bite had no effect: ${list(demanded.map(whatBecameOf), 20)}`);
    }
  }
  const ended = frame.footer?.ended ?? frame.cutOff?.reason;
  if (ended !== undefined) reasons.push(`the run did not reach its end: ${ended}`);
  if (succeeded === 0) reasons.push(`no operation of a client succeeded${ends.inWords()}`);
  const reason = reasons.length === 0 ? undefined : reasons.join('; ');
  return verdictOf(
    'evidence',
    { anomalies: [], reason },
    {
      scheduled: schedule.length,
      bit: schedule.filter(({ outcome }) => outcome === 'bit').length,
      masked: schedule.filter(({ outcome }) => outcome === 'masked').length,
      noEffect: idle.map(({ fault }) => fault),
      kinds: outcomesByKind(schedule),
      succeeded,
    },
  );
}

function whatBecameOf(fault: Scheduled): string {
  if (fault.from !== undefined) return describeFault(fault);
  const on = targetsInWords(fault.targets);
  return `${fault.kind}${on === '' ? '' : ` of ${on}`} (fault ${fault.fault}, never applied)`;
}

/** For each kind how often it bit, was masked and had no effect: what a campaign adds up. */
function outcomesByKind(schedule: readonly Scheduled[]): { [kind: string]: Json } {
  const kinds = new Map<string, { bit: number; masked: number; noEffect: number }>();
  for (const { kind, outcome } of schedule) {
    const counts = kinds.get(kind) ?? { bit: 0, masked: 0, noEffect: 0 };
    counts[outcome === 'bit' || outcome === 'masked' ? outcome : 'noEffect']++;
    kinds.set(kind, counts);
  }
  return Object.fromEntries(kinds);
}

/** True if the history has a plan with a schedule: it is not exempt. */
export function hasSchedule({ header }: HistoryFrame): boolean {
  return plannedIn(header) !== undefined;
}

function plannedIn({ plan, world }: HistoryHeader): readonly Json[] | undefined {
  const schedule = asObject(plan)?.schedule;
  return world === 'imported' || !Array.isArray(schedule) ? undefined : schedule;
}

/** The plan's schedule, each fault with what the nemesis recorded of it; undefined if there is no plan. */
function scheduleOf({ header }: HistoryFrame, faults: readonly FaultRecord[]): Scheduled[] | undefined {
  const records = new Map(faults.map((record) => [record.fault, record]));
  return plannedIn(header)?.map((entry: Json, fault): Scheduled => {
    const planned = asObject(entry) ?? {};
    const record = records.get(fault);
    return {
      fault,
      kind: typeof planned.fault === 'string' ? planned.fault : (record?.kind ?? 'unknown'),
      targets: null,
      ...record,
      ...((record?.targets ?? null) === null && { targets: planned.target ?? null }),
      mustBite: planned.mustBite === true,
    };
  });
}
