import { describe, expect, it } from 'vitest';
import { SECOND } from '../../harness/contract/index.ts';
import { caught, complaints, trial } from '../testing/trial.ts';
import { multiVersion } from './index.ts';
import { ISOLATIONS } from './options.ts';

const short = { time: 4 * SECOND };

describe('multi-version', () => {
  it.each(ISOLATIONS)('keeps its promise at level %s', async (isolation) => {
    expect(complaints(await trial(multiVersion, 3, { ...short, options: { isolation } }))).toEqual([]);
  });

  it.each(multiVersion.flaws.map(({ name }) => name))(
    '%s is caught, and only the flaw is to blame',
    async (flaw) => {
      const result = await caught(multiVersion, flaw, { ...short, faults: [] }, 10);
      expect(result).toMatchObject({ without: [] });
    },
  );
});

/** The first level that is strong enough for each workload, and what comes to light one level below. */
describe.each([
  ['bank', {}, 'read-committed', 'snapshot-isolation', 'bank', 'wrongReads'],
  ['long-fork', { groupSize: 6 }, 'read-committed', 'snapshot-isolation', 'long-fork', 'found'],
  ['g2', {}, 'snapshot-isolation', 'serializable', 'adya-g2', 'insertedTwice'],
] as const)('the workload %s', (name, more, weak, strong, checker, figure) => {
  const figuresAt = async (isolation: string) => {
    const request = {
      ...short,
      faults: [],
      options: { isolation },
      workload: { name, options: more },
      rate: 100,
    };
    const done = await trial(multiVersion, 1, request);
    expect(complaints(done)).toEqual([]);
    return done.judgement.verdicts.find((verdict) => verdict.checker === checker)!.figures;
  };

  it(`shows what ${weak} permits`, async () => {
    expect((await figuresAt(weak))[figure]).not.toEqual(figure === 'found' ? {} : 0);
  });

  it(`shows none of it at ${strong}`, async () => {
    expect((await figuresAt(strong))[figure]).toEqual(figure === 'found' ? {} : 0);
  });
});

describe('the workload causal-reverse', () => {
  it('meets rows without those that were acknowledged before them, where statements see different moments', async () => {
    const request = { ...short, faults: [], workload: { name: 'causal-reverse' }, rate: 100 };
    const at = async (flaw?: string) =>
      complaints(await trial(multiVersion, 1, { ...request, ...(flaw && { flaw }) }));
    expect(await at()).toEqual([]);
    expect(await at('statement-snapshots')).toEqual(['causal-reverse/causal-reverse']);
  });
});
