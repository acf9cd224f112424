import { library } from './arguments.ts';
import { type Runtime, typeName } from './runtime.ts';
import { isTrue, type LuaFunction, type LuaValue } from './values.ts';

/** Sorts by merging: as many comparisons for the same items in any run, whatever the comparison says. */
function sorted(items: readonly LuaValue[], before: (one: LuaValue, other: LuaValue) => boolean): LuaValue[] {
  if (items.length < 2) return [...items];
  const middle = items.length >> 1;
  const [left, right] = [sorted(items.slice(0, middle), before), sorted(items.slice(middle), before)];
  const result: LuaValue[] = [];
  let [l, r] = [0, 0];
  while (l < left.length && r < right.length) result.push(before(right[r], left[l]) ? right[r++] : left[l++]);
  return [...result, ...left.slice(l), ...right.slice(r)];
}

export function addTableLibrary(runtime: Runtime): void {
  const table = library(runtime, {
    concat: (args) => {
      const items = args.table(1);
      const separator = args.values[1] === undefined ? '' : args.text(2);
      const from = args.integerOr(3, 1);
      const to = args.integerOr(4, items.length);
      const parts: string[] = [];
      for (let at = from; at <= to; at++) {
        const item = items.get(at);
        if (typeof item !== 'string' && typeof item !== 'number')
          throw runtime.error(`invalid value (${typeName(item)}) at index ${at} in table for 'concat'`);
        parts.push(runtime.toText(item));
      }
      return [parts.join(separator)];
    },
    getn: (args) => [args.table(1).length],
    insert: (args) => {
      const items = args.table(1);
      if (args.count === 2) items.set(items.length + 1, args.values[1]);
      else if (args.count === 3) items.insert(args.integer(2), args.values[2]);
      else throw runtime.error("wrong number of arguments to 'insert'");
      return [];
    },
    maxn: (args) => {
      let most = 0;
      for (const [key] of args.table(1).entries()) if (typeof key === 'number' && key > most) most = key;
      return [most];
    },
    remove: (args) => {
      const items = args.table(1);
      const { length } = items;
      const place = args.integerOr(2, length);
      return place < 1 || place > length ? [] : [items.remove(place)];
    },
    sort: (args) => {
      const items = args.table(1);
      const comparison: LuaFunction | null = args.values[1] === undefined ? null : args.function(2);
      const values: LuaValue[] = [];
      for (let at = 1; at <= items.length; at++) values.push(items.get(at));
      const before = (one: LuaValue, other: LuaValue): boolean =>
        comparison === null
          ? runtime.compare(one, other, false, runtime.line)
          : isTrue(runtime.call(comparison, [one, other])[0]);
      sorted(values, before).forEach((value, at) => {
        items.set(at + 1, value);
      });
      return [];
    },
  });
  runtime.globals.set('table', table);
}
