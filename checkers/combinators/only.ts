import type { Json } from '../../histories/index.ts';
import type { Checker } from '../checker.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { list, seconds } from '../shared/words.ts';
import { type Part, partOf } from './part-of.ts';

/**
 * A checker on a part of a history: a span of time, some processes, keys or functions. Sound: what is valid as a whole is never called
 * invalid for a part of it. What is left out is not simply missing:
 *
 * - An operation that is not of the part, or is not complete within its span of time, becomes *indeterminate*: its invocation stays, its completion goes, so it may
 *   have taken effect at any time after its invocation, or never. (If it certainly failed, it goes altogether.) A read in the part can thus still be explained by a write outside.
 *   As a process has one operation open at a time, such an operation gets a process of its own if its process goes on.
 * - Checkers that judge each operation for itself (`perOperation`: availability, latency, ...) see the operations of the part alone, those invoked in its
 *   span of time. Their question is then another one: was it available *then*?
 *
 * Anomalies may therefore be missed that only operations outside prove. Faults and phases stay; observations of hosts stay if they are in
 * the span. Not sound for a promise by which a process *must* do something that it began outside the part, such as only the owner
 * of a mutex releasing it: select whole processes or keys there.
 */
export function only<Options>(checker: Checker<Options>, part: Part): Checker<Options> {
  return {
    ...checker,
    // What is left out is known only with the whole history at hand.
    stream: undefined,
    summary: `${checker.summary} (${inWords(part)})`,
    check(history, options, budget) {
      const { history: reduced, kept, cut } = partOf(history, part, checker.perOperation === true);
      const selection: { readonly [figure: string]: Json } = {
        part: inWords(part),
        operations: kept,
        [checker.perOperation ? 'leftOut' : 'indeterminate']: cut,
      };
      if (kept === 0) {
        const reason = `no operation is in the part that was selected: ${inWords(part)}`;
        return verdictOf(checker.name, { anomalies: [], reason }, { selection });
      }
      const verdict = checker.check(reduced, options, budget);
      return { ...verdict, figures: { selection, ...verdict.figures } };
    },
  };
}

function inWords({ from, until, processes, keys, f }: Part): string {
  const words: string[] = [];
  if (from !== undefined) words.push(`from ${seconds(from)}`);
  if (until !== undefined) words.push(`until ${seconds(until)}`);
  if (processes !== undefined) words.push(`of processes ${list(processes.map(String), 12)}`);
  if (keys !== undefined)
    words.push(
      `on keys ${list(
        keys.map((key) => JSON.stringify(key)),
        12,
      )}`,
    );
  if (f !== undefined) words.push(`of the functions ${list(f, 12)}`);
  return words.length === 0 ? 'everything' : words.join(' ');
}
