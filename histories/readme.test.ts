import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isOperation, parseHistory, parseMapping, readMapped } from './index.ts';
import { temporaryFile } from './testing/temporary.ts';

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');

describe('the file in the README', () => {
  it('is a history', () => {
    const [, example = ''] = /```json\n(.*?)```/s.exec(readme) ?? [];
    const { events, footer } = parseHistory(example);
    expect([events.length, footer?.verdict]).toEqual([6, { validity: 'valid' }]);
  });
});

it('the log in the README is read by its mapping', async () => {
  const [, log = ''] = /```csv\n(.*?)```/s.exec(readme) ?? [];
  const [, mapping = ''] = /```json mapping\n(.*?)```/s.exec(readme) ?? [];
  const { history, notes } = await readMapped(temporaryFile('log.csv', log), parseMapping(mapping));
  const operations = history.events.filter(isOperation);
  expect(operations.map(({ process, type, f, value }) => `${process} ${type} ${f} ${value}`)).toEqual([
    '0 invoke write 1',
    '0 ok write 1',
    '0 invoke write 2',
    '1 invoke read null',
    '1 ok read 1',
    '1 invoke read null',
    '1 ok read 2',
    '2 invoke read null',
    '2 ok read 1',
    '0 info write 2',
  ]);
  expect(notes).toEqual([]);
});
