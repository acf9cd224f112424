import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as library from '../index.ts';
import { COMPARISONS, comparisons } from './comparisons.ts';

const names = Object.values(COMPARISONS).flatMap((rows) => Object.keys(rows));
/** What a row is about: `durability, corruption: unique values` is about two checkers. */
const about = new Set(names.flatMap((name) => name.split(': ')[0]!.split(', ')));

describe('comparisons with brute force', () => {
  it('are made for every checker', () => {
    const checkers = Object.values(library).flatMap((one) =>
      typeof one === 'object' && 'check' in one && 'cost' in one ? [String(one.name)] : [],
    );
    expect(checkers.length).toBeGreaterThan(30);
    expect(checkers.filter((name) => !about.has(name))).toEqual([]);
  });

  it('are made for every model', () => {
    const compared = names.map((name) => name.replace(/^linearizable: |, .*/g, ''));
    expect(Object.keys(library.models).filter((model) => !compared.includes(model))).toEqual([]);
  });

  it('are asked for by the file that the table names', () => {
    for (const [file, rows] of Object.entries(COMPARISONS)) {
      const text = readFileSync(join(import.meta.dirname, '..', file), 'utf8');
      expect([file, text.includes('comparisons(')]).toEqual([file, true]);
      for (const name of Object.keys(rows)) {
        const asked = name
          .split(': ')
          .at(-1)!
          .split(/, unique values|weak models /)
          .find((part) => part !== '')!;
        expect([name, text.includes(asked)]).toEqual([name, true]);
      }
    }
  });

  it('are 20,000 for a checker in the test suite, or as many as are asked for', () => {
    expect(comparisons('counter')).toBeGreaterThanOrEqual(20_000);
    expect(comparisons('counter', 4) * 4).toBe(comparisons('counter'));
  });
});
