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
