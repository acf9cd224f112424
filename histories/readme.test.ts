import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseHistory } from './index.ts';

describe('the file in the README', () => {
  it('is a history', () => {
    const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
    const [, example = ''] = /```json\n(.*?)```/s.exec(readme) ?? [];
    const { events, footer } = parseHistory(example);
    expect([events.length, footer?.verdict]).toEqual([6, { validity: 'valid' }]);
  });
});
