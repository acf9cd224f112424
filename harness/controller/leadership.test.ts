import { expect, it } from 'vitest';
import type { Json } from '../../histories/index.ts';
import { Leadership } from './leadership.ts';

function after(...notes: readonly (readonly [host: string, kind: string, data: Json])[]): string | undefined {
  const leadership = new Leadership('leader');
  for (const [host, kind, data] of notes) leadership.heard({ type: 'note', host, kind, data });
  return leadership.leader;
}

it('nobody leads before anybody says so', () => {
  expect(after()).toBeUndefined();
  expect(after(['n1', 'follower', true])).toBeUndefined();
});

it('the latest word counts', () => {
  expect(after(['n1', 'leader', { term: 1 }], ['n2', 'leader', { term: 2 }])).toBe('n2');
  expect(after(['view', 'leader', { leader: 'n3' }])).toBe('n3');
});

it('only the leader itself can step down', () => {
  expect(after(['n1', 'leader', true], ['n1', 'leader', false])).toBeUndefined();
  expect(after(['n1', 'leader', true], ['n2', 'leader', false])).toBe('n1');
});

it('a system that notes no leadership has no leader', () => {
  const leadership = new Leadership(undefined);
  leadership.heard({ type: 'note', host: 'n1', kind: 'leader', data: true });
  expect(leadership.leader).toBeUndefined();
});
