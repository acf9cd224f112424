import { expect, it } from 'vitest';
import { Turns } from './turns.ts';

it('lets so many work at once, in the order in which they asked', async () => {
  const turns = new Turns(2);
  const log: string[] = [];
  const endings: (() => void)[] = [];
  const work = [1, 2, 3, 4].map(async (name) => {
    await turns.take();
    log.push(`begin ${name}`);
    await new Promise<void>((end) => endings.push(end));
    log.push(`end ${name}`);
    turns.give();
  });
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  await settled();
  expect(log).toEqual(['begin 1', 'begin 2']);
  endings[1]!();
  await settled();
  expect(log).toEqual(['begin 1', 'begin 2', 'end 2', 'begin 3']);
  endings[0]!();
  endings[2]!();
  await settled();
  endings[3]!();
  await Promise.all(work);
  await turns.take();
  expect(log.at(-1)).toBe('end 4');
});
