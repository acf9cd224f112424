import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isObservation, isOperation, type Observation } from '../../histories/index.ts';
import { comparisons } from '../testing/comparisons.ts';
import { observationHistories } from '../testing/observation-histories.ts';
import { run } from '../testing/run.ts';
import { keyMovement } from './key-movement.ts';

/** Four keys on two servers, then on three; the ring moves one key, modulo three. */
function change(after: string): string {
  const owners = (text: string, time: number) =>
    text
      .split(' ')
      .map((owner, key) => `note ${owner} ${time + key} "owner" {"key":"k${key}"}`)
      .join('\n');
  return `
    note s 0 "members" ["a","b"]
    ${owners('a b a b', 1)}
    note s 10 "members" ["a","b","c"]
    ${owners(after, 11)}
  `;
}

const ring = run(change('a b c b'));
const modulo = run(change('a b c a'));
const options = { placement: 'owner' };

describe('key-movement', () => {
  it('counts the keys that moved, and judges nothing without a bound', () => {
    expect(keyMovement.check(ring, options, {})).toEqual({
      checker: 'key-movement',
      validity: 'valid',
      anomalies: [],
      figures: {
        changes: [
          {
            at: 10e6,
            before: ['a', 'b'],
            after: ['a', 'b', 'c'],
            keys: 4,
            moved: 1,
            share: 0.25,
            needless: 0,
            ideal: 0.333333,
          },
        ],
        divided: 0,
        judged: 'no bound is stated',
      },
    });
  });

  it('accepts what a ring moves, and finds what hashing modulo moves', () => {
    const bounds = { ...options, timesIdeal: 1, minimal: true };
    expect(keyMovement.check(ring, bounds, {}).validity).toBe('valid');
    expect(keyMovement.check(modulo, bounds, {}).anomalies).toEqual([
      {
        name: 'needless-move',
        explanation:
          'When at 0.010 s c joined (2 servers before, 3 after), 1 key of 4 moved between servers that were there before and after: "k3" from b to a. Only keys of a server that leaves, or for one that joins, have to move.',
        operations: [4, 9],
        data: { at: 10e6, keys: 4, needless: 1 },
      },
      {
        name: 'key-movement',
        explanation:
          'When at 0.010 s c joined (2 servers before, 3 after), 2 of 4 keys changed their owner: 50 % instead of at most 33.33 %. A ring of equal servers moves 33.33 % on average. For example key "k2" went from a to c.',
        operations: [3, 4, 8, 9],
        data: { at: 10e6, keys: 4, moved: 2, share: 0.5, bound: 1 / 3, ideal: 1 / 3 },
      },
    ]);
  });

  it('leaves out what was seen while the change was still being learnt, and keys that were seen in two places', () => {
    const late = run(`${change('a b a b')} \n note c 40 "owner" {"key":"k0"}`);
    expect(keyMovement.check(late, options, {}).figures).toMatchObject({
      divided: 1,
      changes: [{ keys: 3, moved: 0 }],
    });
    expect(keyMovement.check(late, { ...options, settle: 20e6 }, {}).figures).toMatchObject({
      divided: 0,
      changes: [{ keys: 1, moved: 1 }],
    });
  });

  it('knows owners by the nodes that answered, where that is what there is', () => {
    const { header, events } = run('0 read x 0..1 \n note s 5 "members" ["n2"] \n 0 read x 6..7');
    const named = events.map((event) =>
      isOperation(event) ? { ...event, node: event.index < 2 ? 'n1' : 'n2' } : event,
    );
    expect(keyMovement.check({ header, events: named }, { most: 0.5 }, {})).toMatchObject({
      validity: 'invalid',
      figures: { changes: [{ before: ['n1'], after: ['n2'], moved: 1, ideal: 1 }] },
    });
  });

  it('is unknown if nothing changed, or no key can be compared', () => {
    expect(keyMovement.check(run('note a 0 "owner" {"key":1}'), { ...options, most: 0 }, {}).reason).toBe(
      'the members never changed between times in which keys were seen',
    );
    const strangers = 'note a 0 "owner" {"key":1} \n note s 1 "members" ["a"] \n note a 2 "owner" {"key":2}';
    expect(keyMovement.check(run(strangers), { ...options, most: 0 }, {}).reason).toBe(
      'no key was seen with one single owner before and after a change',
    );
  });

  it('counts as the definition says, over 20000 small histories', () => {
    const seen = { valid: 0, invalid: 0, unknown: 0 };
    const bounds = fc.record({
      placement: fc.constantFrom('owner', 'cache', undefined),
      settle: fc.constantFrom(0, 2e6),
      most: fc.constantFrom(0.3, 0.5, 0.9),
      minimal: fc.constantFrom(false, false, true),
    });
    fc.assert(
      fc.property(
        observationHistories(['owner', 'owner', 'owner', 'cache', 'read', 'read', 'members', 'members']),
        bounds,
        (drawn, { placement, ...stated }) => {
          const { validity } = keyMovement.check(
            drawn,
            { ...stated, ...(placement !== undefined && { placement }) },
            {},
          );
          seen[validity]++;
          // By the definition: for each time the set of owners of each key.
          let began: number | undefined;
          let members: string[] | undefined;
          const times: { members: string[] | undefined; owners: Map<string, Set<string>> }[] = [];
          times.push({ members, owners: new Map() });
          for (const event of drawn.events) {
            if (isObservation(event) && event.kind === 'members') {
              const named = [...(event.data as { members: string[] }).members].sort();
              if (String(named) === String(members)) continue;
              members = named;
              began = event.time;
              times.push({ members, owners: new Map() });
              continue;
            }
            const isPlacement = isObservation(event)
              ? event.kind === placement
              : placement === undefined && isOperation(event) && event.type === 'ok';
            const isChange = times.length > 2 || (times.length === 2 && times[0]!.owners.size > 0);
            if (!isPlacement || (isChange && event.time < began! + stated.settle)) continue;
            const key = isOperation(event) ? event.key : ((event as Observation).data as { key: string }).key;
            const owner = isOperation(event) ? event.node! : (event as Observation).host;
            const { owners } = times.at(-1)!;
            owners.set(JSON.stringify(key), new Set([...(owners.get(JSON.stringify(key)) ?? []), owner]));
          }
          const used = times.filter(({ owners }) => owners.size > 0);
          let judged = 0;
          let broken = false;
          for (let nth = 1; nth < used.length; nth++) {
            const [before, after] = [used[nth - 1]!, used[nth]!];
            const keys = [...before.owners.keys()].filter(
              (key) => before.owners.get(key)!.size === 1 && after.owners.get(key)?.size === 1,
            );
            const namesOf = (time: typeof before) =>
              time.members ?? [...time.owners.values()].flatMap((some) => [...some]);
            const moves = keys
              .map((key) => [[...before.owners.get(key)!][0]!, [...after.owners.get(key)!][0]!] as const)
              .filter(([from, to]) => from !== to);
            judged += keys.length;
            if (keys.length > 0 && moves.length > stated.most * keys.length + 1e-9) broken = true;
            const stayed = (name: string) => namesOf(before).includes(name) && namesOf(after).includes(name);
            // Before the first announcement whoever owned a key for certain.
            if (stated.minimal && moves.some(([from, to]) => stayed(from) && stayed(to))) broken = true;
          }
          const wanted = broken ? 'invalid' : judged === 0 ? 'unknown' : 'valid';
          if (validity !== wanted) expect(validity).toBe(wanted);
        },
      ),
      { numRuns: comparisons('key-movement') },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(500);
  });
});
