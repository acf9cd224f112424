import { plural } from '../../../checkers/index.ts';
import { type Comparison, type Kept, MODEL_NAMES, MODELS, type ProfileResult } from '../../compare/index.ts';
import { short } from './cells.ts';

/** What was done, in a line. */
export function heading({ contenders, from, seeds, conditions }: Comparison): string {
  const { machines, clients, rate, readShare, keys, time, deadline } = conditions;
  return (
    `${plural(contenders.length, 'system')} on the same ${plural(seeds, 'plan')} from seed ${from} for each profile: ${plural(machines, 'machine')}, ` +
    `${plural(clients, 'client')}, ${rate} operations/s (${Math.round(readShare * 100)}% reads of ${plural(keys, 'key')}) for ${short(time)}, deadline ${short(deadline)}`
  );
}

/** What the short names in the table of a profile mean. */
export function legend({ profiles }: Pick<Comparison, 'profiles'>): string {
  const used = new Set(
    profiles.flatMap(({ rows }) =>
      rows.flatMap(({ keeps, breaks }) => [...keeps, ...breaks.map(({ model }) => model)]),
    ),
  );
  const named = MODELS.filter((model) => used.has(model) && MODEL_NAMES[model] !== model);
  return [
    'keeps: the strongest models that no seed violated; breaks: the weakest that one did, and the first seed',
    ...named.map((model) => `${model}: ${MODEL_NAMES[model]}`),
  ].join('; ');
}

/** Runs that did not reach their end, and faults that changed nothing: whoever reads the table must know. */
export function remarks({ rows }: ProfileResult, seeds: number): string[] {
  return rows.flatMap(({ label, judged, unfinished, faults, bit }) => [
    ...(judged + unfinished.length < seeds
      ? [`${label}: interrupted after ${judged + unfinished.length} of ${plural(seeds, 'seed')}`]
      : []),
    ...(unfinished.length > 0
      ? [`${label}: ${plural(unfinished.length, 'run')} did not reach the end, first seed ${unfinished[0]}`]
      : []),
    ...(faults > 0 && bit === 0 ? [`${label}: none of the ${plural(faults, 'fault')} changed anything`] : []),
  ]);
}

/** How to see again what a run showed first. */
export function describeKept({ label, profile, seed, shows, history }: Kept): string {
  return `${label}, ${profile}, seed ${seed} (${shows.join(', ')}): sixways replay ${history}`;
}
