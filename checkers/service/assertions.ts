import { isObservation, type Json, type Observation } from '../../histories/index.ts';
import type { Anomaly, Checker } from '../checker.ts';
import { describeFault, FaultLog, type FaultRecord, inForce } from '../shared/timeline.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { inWords, list, plural, seconds } from '../shared/words.ts';
import { streaming } from '../streaming.ts';

/** Characters of an exception's message that an explanation shows; the data have it whole. */
const LONGEST_MESSAGE = 500;

interface Complaint {
  readonly first: Observation;
  count: number;
  readonly hosts: Set<string>;
}

/**
 * What a system says against itself: each `always` that failed is an `assertion`, each exception that nobody caught an
 * `uncaught-exception`. One anomaly for each distinct text, whatever the host. Without observations it is valid:
 * a system need not assert anything; the figures say how much it did. A stream keeps the distinct texts and the faults.
 */
export const assertions: Checker = streaming({
  name: 'assertions',
  summary: 'no assertion of the system failed and no exception went uncaught',
  cost: 'O(n)',
  options: { type: 'object', properties: {}, additionalProperties: false },
  stream() {
    const complaints = new Map<string, Complaint>();
    const covered = new Set<string>();
    const failures = { assertion: 0, 'uncaught-exception': 0 };
    const log = new FaultLog();
    return {
      event(event) {
        log.event(event);
        if (!isObservation(event)) return;
        if (event.type === 'sometimes') covered.add(event.kind);
        if (event.type !== 'always' && event.type !== 'uncaught') return;
        const name = event.type === 'always' ? 'assertion' : 'uncaught-exception';
        failures[name]++;
        // The message tells uncaught exceptions apart; an assertion's text does, its detail (terms, indices) varies.
        const said = name === 'assertion' ? event.kind : `${event.kind}: ${messageOf(event.data)}`;
        const text = said.replaceAll(event.host, '<host>');
        const found = complaints.get(`${name} ${text}`);
        if (found === undefined) {
          complaints.set(`${name} ${text}`, { first: event, count: 1, hosts: new Set([event.host]) });
        } else {
          found.count++;
          found.hosts.add(event.host);
        }
      },
      finish() {
        const faults = log.faults();
        const anomalies = [...complaints.values()].map((complaint) => anomalyOf(complaint, faults));
        const sometimes = [...covered].sort();
        return verdictOf('assertions', { anomalies }, { failures, covered: sometimes.length, sometimes });
      },
    };
  },
});

function anomalyOf({ first, count, hosts }: Complaint, faults: readonly FaultRecord[]): Anomaly {
  const isAssertion = first.type === 'always';
  const around = inForce(faults, first.time, first.time).map(describeFault);
  const detail = first.data === null ? '' : `, with ${inWords(first.data)}`;
  const text = isAssertion
    ? `Host ${first.host} asserts that always "${first.kind}", but at ${seconds(first.time)} it did not hold${detail}.`
    : `On host ${first.host} an exception went uncaught at ${seconds(first.time)}: ${first.kind}: ${shortened(messageOf(first.data))}.`;
  const again =
    count === 1 ? '' : ` It happened ${plural(count, 'time')} in all, on ${list([...hosts].sort())}.`;
  return {
    name: isAssertion ? 'assertion' : 'uncaught-exception',
    explanation: `${text}${again}${around.length === 0 ? '' : ` In force at that moment: ${list(around)}.`}`,
    operations: [first.index],
    data: {
      text: first.kind,
      detail: first.data,
      host: first.host,
      time: first.time,
      count,
      hosts: [...hosts].sort(),
    },
  };
}

/** An exception's message may hold whatever its system had in hands. */
function shortened(text: string): string {
  return text.length <= LONGEST_MESSAGE ? text : `${text.slice(0, LONGEST_MESSAGE)}...`;
}

/** The message of an uncaught exception: the data itself if it is text, its `message` if it is an object. */
function messageOf(data: Json): string {
  if (typeof data === 'string') return data;
  if (data !== null && typeof data === 'object' && !Array.isArray(data)) {
    const message = (data as { readonly [key: string]: Json }).message;
    if (typeof message === 'string') return message;
  }
  return inWords(data);
}
