import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../histories/index.ts';
import { judgeModels } from './judge-models.ts';
import { impliedBy, MODELS, maximal, minimal } from './models.ts';

/** Operations one after the other: `0 w x 1`, `1 r x null`; a line `final` begins the final reads. */
function history(...lines: readonly string[]) {
  const events: HistoryEvent[] = [];
  const push = (event: object): void => {
    events.push({ index: events.length, time: events.length, ...event } as HistoryEvent);
  };
  for (const line of lines) {
    if (line === 'final') {
      push({ process: 'controller', type: 'info', f: 'phase', value: { name: 'final' } });
      continue;
    }
    const [process, f, key, value] = line.split(' ');
    const operation = { process: Number(process), f: f === 'w' ? 'write' : 'read', key };
    const result = JSON.parse(value!) as unknown;
    push({ ...operation, type: 'invoke', value: f === 'w' ? result : null });
    push({ ...operation, type: 'ok', value: result });
  }
  return { header: { sixways: 1, world: 'simulator' } as const, events };
}

const validIn = (...lines: readonly string[]) => {
  const verdicts = judgeModels(history(...lines));
  return maximal(MODELS.filter((model) => verdicts[model] === 'valid'));
};

describe('models', () => {
  it('imply weaker ones, through others too', () => {
    expect([...impliedBy('sequential')]).toEqual(['CM', 'CC', 'RYW', 'MR+MW', 'MR', 'MR+WFR', 'PRAM', 'CCv']);
    expect(impliedBy('MR').size).toBe(0);
    for (const model of MODELS) expect(impliedBy('linearizable').has(model)).toBe(model !== 'linearizable');
  });

  it('are reduced to the strongest kept and the weakest broken', () => {
    expect(maximal(['CC', 'RYW', 'MR', 'convergent'])).toEqual(['CC', 'convergent']);
    expect(minimal(['linearizable', 'sequential', 'CM', 'PRAM'])).toEqual(['PRAM']);
  });
});

describe('judged by every model', () => {
  const end = ['final', '0 r x 1', '1 r x 1'];

  it('a history of one copy is linearizable', () => {
    expect(validIn('0 w x 1', '1 r x 1', ...end)).toEqual(['linearizable']);
  });

  it('a stale read of another session is sequential, and converges', () => {
    expect(validIn('0 w x 1', '1 r x null', ...end)).toEqual(['sequential', 'convergent']);
  });

  it('two writes seen in different orders are causal, each session in its own order', () => {
    const orders = ['0 w x 1', '1 w x 2', '2 r x 1', '2 r x 2', '3 r x 2', '3 r x 1'];
    expect(validIn(...orders, 'final', '0 r x 1', '1 r x 2')).toContain('CM');
    expect(validIn(...orders, 'final', '0 r x 1', '1 r x 2')).not.toContain('convergent');
  });

  it('a session that misses its own write keeps monotonic reads', () => {
    const kept = validIn('0 w x 1', '0 r x null', ...end);
    expect(kept).not.toContain('RYW');
    expect(kept).toContain('convergent');
  });
});
