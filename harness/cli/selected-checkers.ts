import type { Selection } from '../../checkers/index.ts';
import type { History, Json } from '../../histories/index.ts';
import { oneOf } from '../plan/index.ts';
import { suggested } from './suggested-checkers.ts';
import { UsageError } from './usage-error.ts';

/** The flags of `check` that say by which checkers, and with which options. */
export interface SelectionFlags {
  readonly checker?: readonly string[];
  readonly model?: string;
  readonly initial?: Json;
  readonly failedCas?: string;
  readonly nilReads?: boolean;
  readonly checkerOptions?: Json;
}

/** The flags that are options of `linearizable`. */
const FLAGS: { readonly [option: string]: string } = {
  model: '--model',
  initial: '--initial',
  failedCas: '--failed-cas',
  nilReads: '--nil-reads',
};

type JsonObject = { readonly [name: string]: Json };

/**
 * The checkers that the flags name, else those of the header, else those that the operations suggest; with the options of the flags over those of the header.
 * @throws UsageError for options that belong to none of them
 */
export function selectionsOf(history: History, flags: SelectionFlags): Selection[] {
  const linearizable: JsonObject = {
    ...(flags.model !== undefined && { model: flags.model }),
    ...(flags.initial !== undefined && { initial: flags.initial }),
    ...(flags.failedCas !== undefined && { failedCas: flags.failedCas }),
    ...(flags.nilReads && { nilReads: true }),
  };
  const asked = Object.keys(linearizable).length > 0;
  if (asked && flags.checker?.includes('linearizable') === false) {
    const [option] = Object.keys(linearizable);
    const message = `${FLAGS[option!]}: expected --checker linearizable, whose option it is, got --checker ${flags.checker.join(',')}`;
    throw new UsageError('checker-options', message);
  }
  const chosen: readonly Selection[] =
    flags.checker?.map((name) => ({ name })) ??
    (asked || history.header.checkers === undefined ? suggested(history) : history.header.checkers);
  const given = optionsByChecker(
    flags.checkerOptions,
    chosen.map(({ name }) => name),
  );
  return chosen.map(({ name, options }) => ({
    name,
    options: {
      ...(options as JsonObject | undefined),
      ...(name === 'linearizable' ? linearizable : {}),
      ...given.get(name),
    },
  }));
}

/** One checker's options may stand alone; those of several stand each under its checker's name. */
function optionsByChecker(options: Json | undefined, names: readonly string[]): Map<string, JsonObject> {
  if (options === undefined) return new Map();
  const flag = '--checker-options';
  const all = objectAt(flag, options, 'an object of options');
  const [only, ...others] = names;
  const keys = Object.keys(all);
  const named = keys.length > 0 && keys.every((key) => names.includes(key));
  if (only !== undefined && others.length === 0 && !named) return new Map([[only, all]]);
  return new Map(
    Object.entries(all).map(([name, value]) => {
      const place = `${flag}/${name}`;
      if (!names.includes(name)) {
        const message = `${place}: expected options under the name of their checker, ${oneOf(names, name)}, got "${name}"`;
        throw new UsageError('checker-options', message);
      }
      return [name, objectAt(place, value, `the options of ${name} as an object`)];
    }),
  );
}

function objectAt(place: string, value: Json, expected: string): JsonObject {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as JsonObject;
  throw new UsageError('checker-options', `${place}: expected ${expected}, got ${JSON.stringify(value)}`);
}
