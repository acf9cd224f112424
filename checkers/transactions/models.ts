/**
 * Consistency models of transactions: what each forbids beyond the weaker ones that it contains. Sources: Adya 1999 (PL levels); Adya, Liskov and
 * O'Neil 2000; Bailis et al. 2014 (read atomic, monotonic atomic view); Cerone, Bernardi and Gotsman 2015 (causal, prefix, parallel snapshot
 * isolation); Cerone and Gotsman 2016 (snapshot isolation forbids every cycle without adjacent anti-dependencies); Daudjee and Salem
 * 2004 and 2006 (sessions); Biswas and Enea 2019 (`causal`, and with sessions read committed, which is the strong session form of monotonic atomic
 * view, and read atomic); Jepsen's map of consistency models.
 *
 * `causal` is of transactions: it has sessions and atomic visibility, and so is no part of `sequential`. `causal-cerone` has no sessions.
 */
export const MODELS = {
  'read-uncommitted': {
    contains: [],
    forbids: ['G0', 'duplicate-elements', 'cyclic-versions', 'garbage-read'],
  },
  'read-committed': { contains: ['read-uncommitted'], forbids: ['G1a', 'G1b', 'G1c'] },
  'monotonic-atomic-view': { contains: ['read-committed'], forbids: ['OTV'] },
  'read-atomic': {
    contains: ['monotonic-atomic-view'],
    forbids: ['internal', 'future-read', 'fractured-read'],
  },
  'cursor-stability': { contains: ['read-committed'], forbids: ['lost-update'] },
  'monotonic-view': { contains: ['read-committed'], forbids: [] },
  'monotonic-snapshot-read': { contains: ['read-committed'], forbids: [] },
  'consistent-view': { contains: ['cursor-stability', 'monotonic-view'], forbids: ['G-single'] },
  'forward-consistent-view': { contains: ['consistent-view'], forbids: [] },
  'causal-cerone': { contains: ['read-atomic'], forbids: [] },
  'parallel-snapshot-isolation': { contains: ['causal-cerone'], forbids: ['lost-update', 'G-single'] },
  prefix: { contains: ['causal-cerone'], forbids: [] },
  'repeatable-read': { contains: ['cursor-stability', 'monotonic-atomic-view'], forbids: ['G2-item'] },
  'snapshot-isolation': {
    contains: ['forward-consistent-view', 'monotonic-snapshot-read', 'parallel-snapshot-isolation', 'prefix'],
    forbids: ['G-nonadjacent'],
  },
  'update-serializable': { contains: ['forward-consistent-view'], forbids: [] },
  serializable: { contains: ['repeatable-read', 'snapshot-isolation', 'update-serializable'], forbids: [] },
  'strong-session-read-uncommitted': { contains: ['read-uncommitted'], forbids: ['G0-process'] },
  'strong-session-read-committed': {
    contains: ['read-committed', 'strong-session-read-uncommitted'],
    forbids: ['G1c-process'],
  },
  'strong-session-monotonic-atomic-view': {
    contains: ['monotonic-atomic-view', 'strong-session-read-committed'],
    forbids: ['OTV-process'],
  },
  'strong-session-read-atomic': {
    contains: ['read-atomic', 'strong-session-monotonic-atomic-view'],
    forbids: ['fractured-read-process'],
  },
  'read-your-writes': { contains: [], forbids: ['garbage-read'] },
  'monotonic-reads': { contains: [], forbids: ['garbage-read'] },
  'monotonic-writes': { contains: [], forbids: ['garbage-read'] },
  'writes-follow-reads': { contains: [], forbids: ['garbage-read'] },
  PRAM: { contains: ['read-your-writes', 'monotonic-reads', 'monotonic-writes'], forbids: [] },
  causal: {
    contains: ['causal-cerone', 'strong-session-read-atomic', 'PRAM', 'writes-follow-reads'],
    forbids: ['causality-violation'],
  },
  sequential: { contains: ['PRAM', 'writes-follow-reads'], forbids: [] },
  linearizable: { contains: ['sequential'], forbids: [] },
  'strong-session-snapshot-isolation': {
    contains: ['snapshot-isolation', 'causal'],
    forbids: ['G-nonadjacent-process'],
  },
  'strong-session-serializable': {
    contains: ['serializable', 'strong-session-snapshot-isolation', 'sequential'],
    forbids: ['G2-item-process'],
  },
  'strong-read-uncommitted': { contains: ['strong-session-read-uncommitted'], forbids: ['G0-realtime'] },
  'strong-read-committed': {
    contains: ['strong-session-read-committed', 'strong-read-uncommitted'],
    forbids: ['G1c-realtime'],
  },
  'strong-snapshot-isolation': {
    contains: ['strong-session-snapshot-isolation', 'strong-read-committed'],
    forbids: ['G-nonadjacent-realtime'],
  },
  'strict-serializable': {
    contains: ['strong-session-serializable', 'strong-snapshot-isolation', 'linearizable'],
    forbids: ['G2-item-realtime'],
  },
} as const satisfies {
  readonly [name: string]: { readonly contains: readonly string[]; readonly forbids: readonly string[] };
};

export type Model = keyof typeof MODELS;

/** Every model, each after those that it contains. */
export const MODEL_NAMES = Object.keys(MODELS) as readonly Model[];

/** Models of single operations, whatever transactions they are in. */
const OF_OPERATIONS: readonly Model[] = [
  'read-your-writes',
  'monotonic-reads',
  'monotonic-writes',
  'writes-follow-reads',
  'PRAM',
  'sequential',
  'linearizable',
];

/** The models that can be promised of transactions. */
export const TRANSACTIONAL_MODELS = MODEL_NAMES.filter((model) => !OF_OPERATIONS.includes(model));

/** Other names in use. */
export const MODEL_ALIASES: { readonly [alias: string]: Model } = {
  'PL-1': 'read-uncommitted',
  'PL-2': 'read-committed',
  'PL-2L': 'monotonic-view',
  'PL-MSR': 'monotonic-snapshot-read',
  'PL-CS': 'cursor-stability',
  'PL-2+': 'consistent-view',
  'PL-FCV': 'forward-consistent-view',
  'PL-2.99': 'repeatable-read',
  'PL-SI': 'snapshot-isolation',
  'PL-3U': 'update-serializable',
  'PL-3': 'serializable',
  'conflict-serializable': 'serializable',
  'PL-SS': 'strict-serializable',
  'strong-serializable': 'strict-serializable',
  TCC: 'causal',
};

/** The model of transactions of this name or alias. */
export function modelNamed(name: string): Model | undefined {
  const model = Object.hasOwn(MODEL_ALIASES, name) ? MODEL_ALIASES[name] : name;
  return TRANSACTIONAL_MODELS.find((known) => known === model);
}

/** An anomaly is also one of these, and whatever those are: by definition, or as a special case. */
const IMPLIES: { readonly [name: string]: readonly string[] } = {
  G0: ['G1c'],
  G1c: ['G-single'],
  'G-single': ['G-nonadjacent'],
  'G-nonadjacent': ['G2-item'],
  'lost-update': ['G2-item'],
  // The transaction read what it wrote later: a cycle with itself.
  'future-read': ['G1c'],
  // The write that was missed came first, and then others are in a circle; or it did not, and who missed it precedes its writer.
  OTV: ['fractured-read'],
  'fractured-read': ['G-single'],
  'fractured-read-process': ['causality-violation'],
  'causality-violation': ['G-single-process'],
  // Lists that no single order explains, and updates of what never was: somebody saw what was not committed.
  'incompatible-order': ['G1a'],
  'dirty-update': ['G1a'],
};

const SUFFIXES = ['', '-process', '-realtime'];
/** Anomalies beside cycles that sessions make more of. */
const BY_SESSION = ['OTV', 'fractured-read'];

/**
 * The anomaly, and all that it implies: what a model forbids rules the anomaly out if it is among these. A stronger class of cycle counts as each weaker
 * one, as every model that forbids the weaker one forbids it too; and what happens without time also happens with it.
 */
function implications(anomaly: string): Set<string> {
  const all = new Set<string>();
  const open = [anomaly];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (all.has(name)) continue;
    all.add(name);
    const suffix = SUFFIXES.findLast((end) => name!.endsWith(end)) ?? '';
    const base = name.slice(0, name.length - suffix.length);
    open.push(...(IMPLIES[base] ?? []).map((implied) => implied + suffix));
    if (suffix !== '') open.push(...(IMPLIES[name] ?? []));
    const levels = base.startsWith('G')
      ? SUFFIXES
      : BY_SESSION.includes(base)
        ? SUFFIXES.slice(0, 2)
        : [suffix];
    const next = levels[levels.indexOf(suffix) + 1];
    if (next !== undefined) open.push(base + next);
  }
  return all;
}

/** The models that the anomaly rules out, weakest first. */
export function violatedBy(anomaly: string): Model[] {
  const implied = implications(anomaly);
  const violated = new Set<string>();
  for (const model of MODEL_NAMES) {
    const { contains, forbids } = MODELS[model];
    if (forbids.some((name) => implied.has(name)) || contains.some((name) => violated.has(name)))
      violated.add(model);
  }
  return MODEL_NAMES.filter((model) => violated.has(model));
}

/**
 * Which models the anomalies rule out, weakest first; the weakest of them; and the strongest that are left. `single`: every transaction is one operation,
 * so that the two kinds of models meet.
 */
export function judgeModels(
  anomalies: Iterable<string>,
  single = false,
): { violated: Model[]; not: Model[]; may: Model[] } {
  const out = new Set<Model>();
  for (const anomaly of anomalies) for (const model of violatedBy(anomaly)) out.add(model);
  if (single && out.has('strong-session-serializable')) out.add('sequential');
  if (single && out.has('strict-serializable')) out.add('linearizable');
  const violated = MODEL_NAMES.filter((model) => out.has(model));
  const left = MODEL_NAMES.filter((model) => !out.has(model));
  const contained = (model: Model): readonly Model[] => MODELS[model].contains;
  return {
    violated,
    not: violated.filter(
      (model) => !violated.some((other) => other !== model && containsModel(model, other)),
    ),
    may: left.filter((model) => !left.some((other) => contained(other).includes(model))),
  };
}

/** Whether one model contains another, directly or not; each contains itself. */
export function containsModel(model: Model, weaker: Model): boolean {
  const contains: readonly Model[] = MODELS[model].contains;
  return model === weaker || contains.some((each) => containsModel(each, weaker));
}

/** Whether the model promises anything about the order in which a process runs its transactions. */
export function needsSessions(model: Model): boolean {
  return violatedBy('G1c-process').includes(model) || violatedBy('G0-process').includes(model);
}
