import { describe, expect, it } from 'vitest';
import { endOf } from '../shared/timeline.ts';
import { run } from '../testing/run.ts';
import { longestOutage } from './outage.ts';
import { attemptsOf } from './service.ts';

function outageOf(text: string): [from: number, until: number] | undefined {
  const history = run(text);
  const outage = longestOutage(attemptsOf(history, {}), endOf(history));
  return outage && [outage.from / 1e6, outage.until / 1e6];
}

describe('the longest outage', () => {
  it.each([
    ['nothing attempted', '', undefined],
    ['the silence of clients is none', '0 read =1 0..1 \n 0 read =1 100..102', [100, 102]],
    ['failures do not end it', '0 read =1 0..1 \n 0 read 5..6 fail refused \n 0 read =1 20..22', [5, 22]],
    ['an answer to one client ends it for all', '0 read =1 0..50 \n 1 read =1 10..20', [20, 50]],
    ['it lasts to the end', '0 read =1 0..1 \n 0 read 10.. \n nemesis pause n1 5..90 #0', [10, 90]],
  ])('%s', (_, text, expected) => {
    expect(outageOf(text)).toEqual(expected);
  });
});
