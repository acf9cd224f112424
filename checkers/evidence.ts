import { type History, isOperation, type Json } from '../histories/index.ts';
import type { Checker } from './checker.ts';
import { asObject, describeFault, type FaultRecord, faultsOf, targetsInWords } from './timeline.ts';
import { verdictOf } from './verdicts.ts';
import { list } from './words.ts';

/** A fault of the plan's schedule with what became of it. */
interface Scheduled extends FaultRecord {
  readonly mustBite: boolean;
}

/**
 * Was anything tested at all? A run is `unknown` if every fault of its schedule had no effect, if one that must bite
 * had none, if no operation of a client succeeded, or if the run did not reach its end (a hang, a file that was cut off). A fault that was never applied, because the run ended before,
 * had no effect, and so had one without recorded evidence. It is never invalid. Histories without a plan, such as imported ones, are exempt.
 */
export const evidence: Checker = {
  name: 'evidence',
  summary: 'the scheduled faults changed something, and clients were served',
  cost: 'O(n)',
  options: { type: 'object', properties: {}, additionalProperties: false },
  check(history) {
    const schedule = scheduleOf(history);
    if (schedule === undefined) {
      return verdictOf(this.name, { anomalies: [] }, { exempt: 'the history has no schedule' });
    }
    const idle = schedule.filter(({ outcome }) => outcome === undefined || outcome === 'no-effect');
    const succeeded = history.events.filter((event) => isOperation(event) && event.type === 'ok').length;
    const reasons: string[] = [];
    if (schedule.length > 0 && idle.length === schedule.length) {
      reasons.push(`none of the scheduled faults had an effect: ${list(idle.map(whatBecameOf), 20)}`);
    } else {
      const demanded = idle.filter(({ mustBite }) => mustBite);
      if (demanded.length > 0) {
        reasons.push(`faults that must bite had no effect: ${list(demanded.map(whatBecameOf), 20)}`);
      }
    }
    const ended = history.footer?.ended ?? history.cutOff?.reason;
    if (ended !== undefined) reasons.push(`the run did not reach its end: ${ended}`);
    if (succeeded === 0) reasons.push('no operation of a client succeeded');
    const reason = reasons.length === 0 ? undefined : reasons.join('; ');
    return verdictOf(
      this.name,
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
  },
};

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
export function hasSchedule(history: History): boolean {
  return scheduleOf(history) !== undefined;
}

/** The plan's schedule, each fault with what the nemesis recorded of it; undefined if there is no plan. */
function scheduleOf(history: History): Scheduled[] | undefined {
  const schedule = asObject(history.header.plan)?.schedule;
  if (history.header.world === 'imported' || !Array.isArray(schedule)) return undefined;
  const records = new Map(faultsOf(history).map((record) => [record.fault, record]));
  return schedule.map((entry: Json, fault): Scheduled => {
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
