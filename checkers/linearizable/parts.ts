import type { Json } from '../../histories/index.ts';
import type { Call, Model } from './model.ts';
import { register } from './models/register.ts';
import type { KeyCalls } from './preparation.ts';

/** Something to decide on its own: an object, or a part of one that no operation connects with the rest. */
export interface Part {
  readonly calls: KeyCalls;
  readonly model: Model;
  readonly initial: Json;
}

/**
 * Splits the operations of one key into parts that no operation connects, in order of first appearance. Exact, as splitting by
 * key is: such parts are objects of their own. Operations about nothing (an empty transaction) are left out. Cost: near-linear.
 */
export function partsOf(calls: KeyCalls, model: Model, initial: Json): Part[] {
  const whole = [{ calls, model, initial }];
  if (model.parts === undefined) return whole;
  const groups = new Groups();
  const groupOf = new Int32Array(calls.count).fill(-1);
  for (let n = 0; n < calls.count; n++) {
    const names = model.parts(calls.call(n));
    if (names === undefined) return whole;
    for (const name of names) groupOf[n] = groups.join(groupOf[n]!, name);
  }
  const byGroup = groups.sorted(groupOf);
  const pick = (from: Int32Array): Int32Array => byGroup.map((n) => from[n]!);
  const [invoked, returned, completed] = [pick(calls.invoked), pick(calls.returned), pick(calls.completed)];
  const parts: Part[] = [];
  for (let from = 0, to = 0; from < byGroup.length; from = to) {
    const group = groups.root(groupOf[byGroup[from]!]!);
    while (to < byGroup.length && groups.root(groupOf[byGroup[to]!]!) === group) to++;
    const run = { invoked, returned, completed, byGroup, from, to };
    parts.push(partOf(calls, run, model, initial, groups.only(group)));
  }
  return parts;
}

/** Names, numbered and joined (union-find). */
class Groups {
  private readonly numbers = new Map<string, number>();
  private readonly names: string[] = [];
  private readonly parents: number[] = [];
  private readonly sizes: number[] = [];

  /** Puts the name and the group (-1: none yet) into one group. */
  join(group: number, name: string): number {
    let number = this.numbers.get(name);
    if (number === undefined) {
      number = this.names.push(name) - 1;
      this.numbers.set(name, number);
      this.parents.push(number);
      this.sizes.push(1);
    }
    if (group < 0) return number;
    let [to, from] = [this.root(group), this.root(number)];
    if (to === from) return to;
    if (this.sizes[to]! < this.sizes[from]!) [to, from] = [from, to];
    this.parents[from] = to;
    this.sizes[to]! += this.sizes[from]!;
    return to;
  }

  root(of: number): number {
    let root = of;
    while (this.parents[root] !== root) root = this.parents[root]!;
    return root;
  }

  /** The calls that are about something, group by group, within one in their order: a counting sort. */
  sorted(groupOf: Int32Array): Int32Array {
    const starts = new Int32Array(this.parents.length + 1);
    let count = 0;
    for (const group of groupOf) {
      if (group < 0) continue;
      starts[this.root(group) + 1]!++;
      count++;
    }
    for (let group = 0; group < this.parents.length; group++) starts[group + 1]! += starts[group]!;
    const sorted = new Int32Array(count);
    for (let n = 0; n < groupOf.length; n++) {
      if (groupOf[n]! >= 0) sorted[starts[this.root(groupOf[n]!)]!++] = n;
    }
    return sorted;
  }

  /** The name of a group of one. */
  only(group: number): string | undefined {
    return this.sizes[group] === 1 ? this.names[group] : undefined;
  }
}

/** Where the calls of one part are. */
interface Run {
  readonly byGroup: Int32Array;
  readonly invoked: Int32Array;
  readonly returned: Int32Array;
  readonly completed: Int32Array;
  readonly from: number;
  readonly to: number;
}

/** No spreading of objects here: there may be a part for every other operation. */
function partOf(all: KeyCalls, run: Run, model: Model, initial: Json, name: string | undefined): Part {
  const { byGroup, from, to } = run;
  const as = name === undefined ? undefined : model.register;
  const plain = (n: number): Call => all.call(byGroup[from + n]!);
  const calls: KeyCalls = {
    key: all.key,
    subject: as && (all.key === undefined ? as.subject(name!) : `${as.subject(name!)} of ${all.key}`),
    inWords: as?.inWords,
    recorded: to - from,
    count: to - from,
    call: as === undefined ? plain : (n) => as.translate(plain(n)),
    invoked: run.invoked.subarray(from, to),
    returned: run.returned.subarray(from, to),
    completed: run.completed.subarray(from, to),
  };
  if (as === undefined) return { calls, model, initial };
  return { calls, model: register, initial: as.initial(name!, initial) };
}
