import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatDuration, type Json, type Nemesis } from '../harness/contract/index.ts';
import { nemeses } from './index.ts';

type Property = { readonly default: Json; readonly enum?: readonly Json[]; readonly $comment?: string };

function row({ name, summary, levers, targets, parameters, momentary, lasting }: Nemesis): string {
  const notes = [...(momentary ? ['momentary'] : []), ...(lasting ? ['lasting'] : [])];
  const note = notes.length > 0 ? ` (_${notes.join(', ')}_)` : '';
  const properties = Object.entries((parameters.properties ?? {}) as { readonly [name: string]: Property });
  const listed = properties.map(([key, { default: byDefault, $comment }]) => {
    const value = $comment === 'duration' ? formatDuration(Number(byDefault)) : JSON.stringify(byDefault);
    return `\`${key}\` (${value})`;
  });
  return `| \`${name}\` | ${summary}${note} | ${levers.join(', ')} | ${targets?.join(', ')} | ${listed.join(', ')} |`;
}

describe('the README', () => {
  it('has a row for each nemesis of the registry, and no other', () => {
    const text = readFileSync(new URL('README.md', import.meta.url), 'utf8');
    // The formatter pads the columns.
    const rows = text
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.replaceAll(/ +/g, ' '));
    expect(rows).toEqual(nemeses.map((nemesis) => row(nemesis).replaceAll(/ +/g, ' ')));
  });
});
