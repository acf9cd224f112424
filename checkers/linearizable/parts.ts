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
  const members = new Map<number, number[]>();
  for (let n = 0; n < calls.count; n++) {
    if (groupOf[n]! < 0) continue;
    const group = groups.root(groupOf[n]!);
    const list = members.get(group);
    if (list === undefined) members.set(group, [n]);
    else list.push(n);
  }
  return Array.from(members, ([group, numbers]) =>
    partOf(calls, model, initial, groups.only(group), numbers),
  );
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

  /** The name of a group of one. */
  only(group: number): string | undefined {
    return this.sizes[group] === 1 ? this.names[group] : undefined;
  }
}

function partOf(
  all: KeyCalls,
  model: Model,
  initial: Json,
  name: string | undefined,
  numbers: readonly number[],
): Part {
  const pick = (from: Int32Array): Int32Array => Int32Array.from(numbers, (n) => from[n]!);
  const calls: KeyCalls = {
    key: all.key,
    recorded: numbers.length,
    count: numbers.length,
    call: (n) => all.call(numbers[n]!),
    invoked: pick(all.invoked),
    returned: pick(all.returned),
    completed: pick(all.completed),
  };
  const as = name === undefined ? undefined : model.register?.(name, initial);
  if (as === undefined) return { calls, model, initial };
  const { translate, inWords } = as;
  const subject = all.key === undefined ? as.subject : `${as.subject} of ${all.key}`;
  const call = (n: number): Call => translate(all.call(numbers[n]!));
  return {
    calls: { ...calls, call, subject, ...(inWords && { inWords }) },
    model: register,
    initial: as.initial,
  };
}
