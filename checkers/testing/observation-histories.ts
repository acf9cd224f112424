import fc, { type Arbitrary } from 'fast-check';
import type { History, Json } from '../../histories/index.ts';
import { Choices, type Draft, historyOf } from './service-histories.ts';

const COMBINATIONS = 8 * 4 * 6 * 2 * 4 * 5;

/** Where keys mostly are. */
const HOMES = new Map<string | number, string>([
  ['x', 'n1'],
  ['y', 'n2'],
  [7, 'n3'],
  ['z', 'n3'],
]);

type Kind = 'cache' | 'owner' | 'members' | 'hit' | 'miss' | 'read';

/** What hosts note: lookups of keys with hit or miss, who owns a key, who takes part. And what clients read, from whom. Takes eight kinds. */
export function observationHistories(kinds: readonly Kind[]): Arbitrary<History> {
  return fc.array(fc.nat({ max: COMBINATIONS - 1 }), { maxLength: 14, size: 'max' }).map((numbers) => {
    let time = 0;
    return historyOf(
      numbers.flatMap((number): Draft[] => {
        const choices = new Choices(number);
        const kind = choices.take(...kinds);
        const key = choices.take<string | number>('x', 'y', 7, 'z');
        const host = choices.take('n1', 'n2', 'n3', undefined, undefined, undefined) ?? HOMES.get(key)!;
        const hit = choices.take(true, false);
        const members = choices.take(['n1', 'n2'], ['n2', 'n1', 'n3'], ['n3'], ['n1', 'n2', 'n3']);
        time += choices.take(0, 1, 1, 3, 10);
        if (kind === 'read') {
          const read = { process: 0, f: 'read', key, value: null };
          return [
            { time, event: { ...read, type: 'invoke' } },
            { time, event: { ...read, type: 'ok', node: host } },
          ];
        }
        const data: { readonly [kind: string]: Json } = {
          cache: { key, hit, count: hit ? 3 : 1 },
          owner: { key, owner: host },
          members: { members },
          hit: null,
          miss: { key },
        };
        return [{ time, event: { type: 'note', host, kind, data: data[kind]! } }];
      }),
    );
  });
}
