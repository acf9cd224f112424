import { copyOf, int32s } from './arrays.ts';

/** Which items belong to a group: `items[from[group]]` to `items[from[group + 1]]`, ascending. */
export interface Groups {
  readonly from: Int32Array;
  readonly items: Int32Array;
}

/** The positions of each number from 0 to `count - 1`; those of -1 are left out. Cost: linear. */
export function groupBy(groups: Int32Array, count: number): Groups {
  const from = int32s(count + 1);
  for (const group of groups) if (group >= 0) from[group + 1]!++;
  for (let group = 0; group < count; group++) from[group + 1]! += from[group]!;
  const next = copyOf(from, count);
  const items = int32s(from[count]!);
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i]!;
    if (group >= 0) items[next[group]!++] = i;
  }
  return { from, items };
}
