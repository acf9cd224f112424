import type { History, Json, Operation } from '../../../histories/index.ts';
import { type ObjectCall, objectExecutions } from '../../testing/objects.ts';

export const onNode = (history: History, node: (operation: Operation) => string): History => ({
  ...history,
  events: history.events.map((event) => ({ ...(event as Operation), node: node(event as Operation) })),
});

/** Two replicas that keep the tags of additions and of those that were removed, and exchange them now and then. */
type Replicas = readonly { readonly tags: readonly string[]; readonly dead: readonly string[] }[];

const FINAL: readonly ObjectCall[] = ['sync', 'read', 'read'].map((f) => ({ f, value: null }));
let tag = 0;

export const orSetHistories = objectExecutions<Replicas>({
  calls: (draw): ObjectCall =>
    draw % 8 === 0
      ? { f: 'sync', value: null }
      : { f: draw % 2 === 0 ? 'add' : 'remove', value: Math.floor(draw / 8) % 2 },
  initial: [0, 1].map(() => ({ tags: [], dead: [] })),
  threads: 4,
  steps: 8,
  last: FINAL,
  model: (replicas, { f, value }, thread) => {
    if (f === 'sync') {
      const tags = [...new Set(replicas.flatMap((replica) => replica.tags))];
      const dead = [...new Set(replicas.flatMap((replica) => replica.dead))];
      return { state: replicas.map(() => ({ tags, dead })), value: null };
    }
    const mine = replicas[thread % 2]!;
    const change = (replica: Replicas[number]): Replicas =>
      replicas.map((other, at) => (at === thread % 2 ? replica : other));
    if (f === 'add') return { state: change({ ...mine, tags: [...mine.tags, `${value}/${tag++}`] }), value };
    if (f === 'remove') {
      const known = mine.tags.filter((item) => item.startsWith(`${value}/`));
      return { state: change({ ...mine, dead: [...mine.dead, ...known] }), value };
    }
    const alive = mine.tags.filter((item) => !mine.dead.includes(item));
    return { state: replicas, value: [...new Set(alive.map((item) => Number(item[0])))] };
  },
}).map((history) => onNode(history, ({ id }) => `n${id![0] % 2}`));

/** A final read that has an element more, or less. */
export function toggled({ f, value }: Operation, draw: number): Json | undefined {
  if (f !== 'read') return undefined;
  const list = value as readonly number[];
  return list.includes(draw % 3) ? list.filter((item) => item !== draw % 3) : [...list, draw % 3];
}

/** Sums of additions, some of them negative, with one final read. */
export const sumHistories = objectExecutions<number>({
  calls: (draw): ObjectCall => ({ f: 'add', value: (draw % 13) - 5 }),
  initial: 0,
  threads: 4,
  steps: 9,
  last: [{ f: 'read', value: null }],
  model: (state, { f, value }) =>
    f === 'read' ? { state, value: state } : { state: state + (value as number), value },
});

/** A sum near to the right one. */
export const missummed = ({ f, value }: Operation, draw: number) =>
  f === 'read' ? (value as number) + (draw % 9) - 4 : undefined;
