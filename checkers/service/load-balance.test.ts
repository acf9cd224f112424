import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isObservation, isOperation } from '../../histories/index.ts';
import { comparisons } from '../testing/comparisons.ts';
import { observationHistories } from '../testing/observation-histories.ts';
import { run } from '../testing/run.ts';
import { mapEvents } from '../testing/service-histories.ts';
import { loadBalance } from './load-balance.ts';

const history = run(`
  note s 0  "members" ["n1","n2"]
  note n1 1 "work"
  note n1 2 "work" {"count":4}
  note n2 3 "work"
  note s 5  "members" {"members":["n1","n2","n3"]}
  note n1 6 "work"
  note n2 7 "work"
`);

describe('load-balance', () => {
  it('counts for each time with the same members, and judges nothing without a bound', () => {
    expect(loadBalance.check(history, { work: 'work' }, {})).toEqual({
      checker: 'load-balance',
      validity: 'valid',
      anomalies: [],
      figures: {
        judged: 'no bound is stated',
        loads: [
          { from: 0, total: 6, nodes: { n1: 5, n2: 1 }, jain: 0.692308, maxOverMean: 1.666667 },
          { from: 5e6, total: 2, nodes: { n1: 1, n2: 1, n3: 0 }, jain: 0.666667, maxOverMean: 1.5 },
        ],
      },
    });
  });

  it('finds an index below the bound and a node with too much', () => {
    expect(loadBalance.check(history, { work: 'work', jain: 0.69, maxOverMean: 1.6 }, {})).toMatchObject({
      validity: 'invalid',
      anomalies: [
        {
          name: 'unbalanced',
          explanation:
            'Of 6 pieces of work from 0.000 s to 0.005 s, done by 2 nodes, n1 did 5 (83.33 %) and n2 1 (16.67 %): the busiest has 1.67 times the mean instead of at most 1.6 times. With even shares each would do 50 %.',
          operations: [1, 3],
        },
        {
          name: 'unbalanced',
          explanation:
            "Of 2 pieces of work from 0.005 s to the end, done by 3 nodes, n1 did 1 (50 %) and n3 0 (0 %): Jain's index is 0.667 instead of at least 0.69. With even shares each would do 33.33 %.",
          operations: [5, 6],
        },
      ],
      figures: { judged: 2 },
    });
    expect(loadBalance.check(history, { work: 'work', jain: 0.66, maxOverMean: 1.7 }, {}).validity).toBe(
      'valid',
    );
  });

  it('is unknown if too little was done', () => {
    expect(loadBalance.check(history, { work: 'work', jain: 1, atLeast: 7 }, {}).reason).toBe(
      'no node did anything that is counted, or less than 7 in all',
    );
    expect(loadBalance.check(run(''), { jain: 1 }, {}).validity).toBe('unknown');
    expect(loadBalance.check(history, { jain: 1 }, {}).validity).toBe('unknown');
  });

  it('counts completed operations by node, idle ones by name, of one role', () => {
    const { events, header } = run('0 read x 0..1 \n 0 read x 2..3 \n 0 read x 4..5 fail refused');
    const nodes = ['cache1', 'store', 'cache1'];
    const named = {
      header,
      events: events.map((event) =>
        isOperation(event) && event.type !== 'invoke' ? { ...event, node: nodes[event.index >> 1]! } : event,
      ),
    };
    const options = { nodes: ['cache1', 'cache2'], prefix: 'cache', jain: 0.5 };
    expect(loadBalance.check(named, options, {})).toMatchObject({
      validity: 'valid',
      figures: { loads: [{ nodes: { cache1: 1, cache2: 0 }, jain: 0.5, maxOverMean: 2 }] },
    });
  });

  it('counts as the definition says, over 20000 small histories; names and times do not matter', () => {
    const seen = { valid: 0, invalid: 0, unknown: 0 };
    const options = fc.record({
      work: fc.constantFrom('cache', undefined),
      jain: fc.constantFrom(0.3, 0.6, 0.9),
      maxOverMean: fc.constantFrom(1, 1.5, 2.5),
      atLeast: fc.constantFrom(1, 2, 4),
    });
    fc.assert(
      fc.property(
        observationHistories(['cache', 'cache', 'cache', 'owner', 'members', 'hit', 'read', 'read']),
        options,
        (drawn, { work, ...bounds }) => {
          const stated = { ...bounds, ...(work !== undefined && { work }) };
          const { validity } = loadBalance.check(drawn, stated, {});
          seen[validity]++;
          // By the definition: cut at each announcement, then add up node by node.
          const parts: { members: string[]; done: { node: string; amount: number }[] }[] = [
            { members: [], done: [] },
          ];
          for (const event of drawn.events) {
            const part = parts.at(-1)!;
            if (isObservation(event) && event.kind === 'members') {
              const members = [...(event.data as { members: string[] }).members].sort();
              if (String(members) !== String(part.members)) parts.push({ members, done: [] });
            } else if (work !== undefined && isObservation(event) && event.kind === work) {
              part.done.push({ node: event.host, amount: (event.data as { count: number }).count });
            } else if (work === undefined && isOperation(event) && event.type === 'ok') {
              part.done.push({ node: event.node!, amount: 1 });
            }
          }
          const judged = parts.flatMap(({ members, done }) => {
            const nodes = [...new Set([...members, ...done.map(({ node }) => node)])];
            const amounts = nodes.map((name) =>
              done.reduce((sum, { node, amount }) => sum + (node === name ? amount : 0), 0),
            );
            const total = amounts.reduce((sum, amount) => sum + amount, 0);
            if (total < bounds.atLeast) return [];
            const mean = total / nodes.length;
            const variance = amounts.reduce((sum, amount) => sum + (amount - mean) ** 2, 0) / nodes.length;
            // Jain's index by the coefficient of variation: 1 / (1 + c^2).
            const jain = 1 / (1 + variance / mean ** 2);
            return [jain >= bounds.jain - 1e-6 && Math.max(...amounts) / mean <= bounds.maxOverMean + 1e-6];
          });
          const wanted = judged.length === 0 ? 'unknown' : judged.includes(false) ? 'invalid' : 'valid';
          if (validity !== wanted) expect(validity).toBe(wanted);
          if (seen.valid % 20 !== 1) return;
          const renamed = mapEvents(drawn, (event) => {
            const later = { ...event, time: event.time + 5 };
            if (isOperation(later))
              return { ...later, ...(later.node !== undefined && { node: `a ${later.node}` }) };
            if (!isObservation(later)) return later;
            if (later.kind !== 'members') return { ...later, host: `a ${later.host}` };
            const { members } = later.data as { members: string[] };
            return { ...later, data: { members: members.map((name) => `a ${name}`) } };
          });
          expect(loadBalance.check(renamed, stated, {}).validity).toBe(validity);
        },
      ),
      { numRuns: comparisons('load-balance') },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(500);
  });
});
