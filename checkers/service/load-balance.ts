import { type History, isObservation, isOperation } from '../../histories/index.ts';
import type { Anomaly, Checker } from '../checker.ts';
import { asObject } from '../shared/timeline.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { plural, seconds } from '../shared/words.ts';
import { type Epoch, EpochCursor, epochsOf, MEMBERS_OPTION } from './epochs.ts';
import { percent, rounded } from './service.ts';

export type LoadBalanceOptions = {
  /** Kind of the notes that count, each as 1 or as its `{count}`, for the host that made it. Without it each `ok` counts for its `node`. */
  readonly work?: string;
  readonly members?: string;
  /** Names that count even if they did nothing, where no members are announced. */
  readonly nodes?: readonly string[];
  /** Work of a node that begins its name with something else does not count: `cache`. */
  readonly prefix?: string;
  /** Least index of Jain, 0..1. */
  readonly jain?: number;
  /** Most work of one node over the mean. */
  readonly maxOverMean?: number;
  /** Times with less work are not judged: chance rules there. */
  readonly atLeast?: number;
};

/** The work of each node in an epoch. */
interface Load {
  readonly epoch: Epoch;
  readonly work: ReadonlyMap<string, { readonly amount: number; readonly index: number }>;
  readonly total: number;
  /** Jain's index, and the most over the mean; undefined without work. */
  readonly jain?: number;
  readonly maxOverMean?: number;
}

const LEAST_WORK = 1;

/**
 * Is the work spread evenly? Judged for each time in which the same servers take part (announced by notes of the kind `members`; the whole history without).
 * Jain's index (Jain, Chiu, Hawe: "A Quantitative Measure of Fairness and Discrimination", DEC-TR-301, 1984) is (sum x)^2 / (n sum x^2): 1 if all do the
 * same, k/n if k of n share it evenly.
 * - `unbalanced`: the index is below `jain`, or one node has more than `maxOverMean` times the mean.
 * Without a bound it only counts; with one it is unknown if no time had enough work.
 */
export const loadBalance: Checker<LoadBalanceOptions> = {
  name: 'load-balance',
  summary: "work is spread evenly over the nodes: Jain's index, most over mean",
  cost: 'O(n)',
  options: {
    type: 'object',
    properties: {
      work: { description: 'kind of the notes that count; else ok operations by node', type: 'string' },
      members: MEMBERS_OPTION,
      nodes: { description: 'names that count even if idle', type: 'array', items: { type: 'string' } },
      prefix: { description: 'only nodes whose names begin so', type: 'string' },
      jain: { description: 'least index of Jain', type: 'number', minimum: 0, maximum: 1 },
      maxOverMean: { description: 'most work of a node over the mean', type: 'number', minimum: 1 },
      atLeast: {
        description: 'work that must have been done to judge',
        type: 'number',
        minimum: 1,
        default: LEAST_WORK,
      },
    },
    additionalProperties: false,
  },
  check(history, options) {
    const loads = loadsOf(history, options);
    const isBounded = options.jain !== undefined || options.maxOverMean !== undefined;
    const judged = loads.filter(({ total }) => total >= (options.atLeast ?? LEAST_WORK));
    const reason =
      isBounded && judged.length === 0
        ? `no node did anything that is counted, or less than ${options.atLeast ?? LEAST_WORK} in all`
        : undefined;
    return verdictOf(
      this.name,
      {
        anomalies: judged.flatMap((load) => anomaliesOf(load, options)),
        ...(reason !== undefined && { reason }),
      },
      {
        judged: isBounded ? judged.length : 'no bound is stated',
        loads: loads.map(({ epoch, work, total, jain, maxOverMean }) => ({
          from: epoch.from,
          total,
          nodes: Object.fromEntries([...work].map(([node, { amount }]) => [node, amount])),
          jain: rounded(jain),
          maxOverMean: rounded(maxOverMean),
        })),
      },
    );
  },
};

function loadsOf(history: History, options: LoadBalanceOptions): Load[] {
  const epochs = epochsOf(history, options.members ?? MEMBERS_OPTION.default);
  const done = epochs.map(() => new Map<string, { amount: number; index: number }>());
  const cursor = new EpochCursor(epochs);
  for (const event of history.events) {
    let node: string | undefined;
    let amount = 1;
    if (options.work === undefined) {
      if (!isOperation(event) || event.type !== 'ok') continue;
      node = event.node;
    } else {
      if (!isObservation(event) || event.type !== 'note' || event.kind !== options.work) continue;
      node = event.host;
      const count = asObject(event.data)?.count;
      if (typeof count === 'number' && count >= 0) amount = count;
    }
    if (node === undefined || !node.startsWith(options.prefix ?? '')) continue;
    const work = done[cursor.of(event.index)]!;
    const known = work.get(node);
    if (known === undefined) work.set(node, { amount, index: event.index });
    else known.amount += amount;
  }
  return epochs.flatMap((epoch, nth) => {
    const work = new Map(
      [...new Set([...(epoch.members ?? options.nodes ?? []), ...done[nth]!.keys()])]
        .filter((node) => node.startsWith(options.prefix ?? ''))
        .sort()
        .map((node) => [node, done[nth]!.get(node) ?? { amount: 0, index: -1 }]),
    );
    const amounts = [...work.values()].map(({ amount }) => amount);
    const total = amounts.reduce((sum, amount) => sum + amount, 0);
    // Before the first announcement nothing may have happened at all.
    if (total === 0 && epoch.members === undefined && epochs.length > 1) return [];
    if (total === 0) return [{ epoch, work, total }];
    const squares = amounts.reduce((sum, amount) => sum + amount * amount, 0);
    return [
      {
        epoch,
        work,
        total,
        jain: (total * total) / (amounts.length * squares),
        maxOverMean: (Math.max(...amounts) * amounts.length) / total,
      },
    ];
  });
}

function anomaliesOf(load: Load, { jain: least, maxOverMean: most }: LoadBalanceOptions): Anomaly[] {
  const { epoch, work, total, jain = 1, maxOverMean = 1 } = load;
  const problems = [
    ...(least !== undefined && jain < least - 1e-9
      ? [`Jain's index is ${three(jain)} instead of at least ${three(least)}`]
      : []),
    ...(most !== undefined && maxOverMean > most + 1e-9
      ? [`the busiest has ${three(maxOverMean)} times the mean instead of at most ${three(most)} times`]
      : []),
  ];
  if (problems.length === 0) return [];
  const ranked = [...work].sort(([, a], [, b]) => b.amount - a.amount);
  const [busiest, { amount: largest }] = ranked[0]!;
  const [idlest, { amount: smallest }] = ranked.at(-1)!;
  const span =
    epoch.index < 0 && !Number.isFinite(epoch.until)
      ? ''
      : ` from ${seconds(epoch.from)} to ${Number.isFinite(epoch.until) ? seconds(epoch.until) : 'the end'}`;
  const anomaly: Anomaly = {
    name: 'unbalanced',
    explanation: `Of ${total} pieces of work${span}, done by ${plural(work.size, 'node')}, ${busiest} did ${largest} (${percent(largest / total)}) and ${idlest} ${smallest} (${percent(smallest / total)}): ${problems.join(', and ')}. With even shares each would do ${percent(1 / work.size)}.`,
    operations: [...work.values()].flatMap(({ index }) => (index < 0 ? [] : [index])).sort((a, b) => a - b),
    data: {
      from: epoch.from,
      jain,
      maxOverMean,
      nodes: Object.fromEntries([...work].map(([node, { amount }]) => [node, amount])),
    },
  };
  return [anomaly];
}

function three(figure: number): string {
  return String(Number(figure.toPrecision(3)));
}
