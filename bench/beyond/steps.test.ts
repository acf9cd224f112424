import { expect, it } from 'vitest';
import { stepsOf } from './steps.ts';

const steps = (row: Omit<Parameters<typeof stepsOf>[0][number], 'fault'>) =>
  stepsOf(
    [
      { fault: 'crash', atOnce: 'all' },
      { fault: 'x', ...row },
    ],
    { a: 2, b: 3 },
  );

it.each([
  ['one host more than a number', { atOnce: 2 }, 'on 3 of 5 hosts', { atOnce: 3 }, { count: 3 }],
  ['one more than a minority', { atOnce: 'minority' }, 'on 3 of 5 hosts', { atOnce: 3 }, { count: 3 }],
  [
    'one more of a role',
    { atOnce: 1, roles: ['a'] },
    'on 2 of 2 hosts',
    { atOnce: 2, roles: ['a'] },
    { count: 2, roles: ['a'] },
  ],
  ['all instead of all but one', { atOnce: 'all-but-one' }, 'on 5 of 5 hosts', { atOnce: 5 }, { count: 5 }],
  [
    'as hard as it comes where all may be hit',
    { atOnce: 'all', parameters: { factor: 10, file: 'log' } },
    'factor above 10',
    { atOnce: 'all', parameters: { file: 'log' } },
    undefined,
  ],
] as const)('one step beyond is %s', (_, row, what, harder, hosts) => {
  expect(steps(row)).toEqual([
    {
      fault: 'x',
      what,
      tolerance: [
        { fault: 'crash', atOnce: 'all' },
        { fault: 'x', ...harder },
      ],
      ...(hosts && { hosts: { ...hosts, sharing: [] } }),
    },
  ]);
});

it('names the kinds that are counted together', () => {
  const [step] = stepsOf(
    [
      { fault: 'x', atOnce: 1, budget: 'disks' },
      { fault: 'y', atOnce: 'all', budget: 'disks' },
      { fault: 'z', atOnce: 'all' },
    ],
    { server: 3 },
  );
  expect(step!.hosts).toEqual({ count: 2, sharing: ['y'] });
});

it.each([
  ['another server', { a: 2, b: 1 }, 'b'],
  ['a client, if there is no other server', { a: 2 }, 'client'],
])('where all of a role may be damaged for good, it is %s', (_, roles, other) => {
  const row = { fault: 'x', roles: ['a'], atOnce: 'all', lasting: true } as const;
  expect(stepsOf([row], roles)).toEqual([
    {
      fault: 'x',
      what: `on all of a, and one of ${other}`,
      tolerance: [row, { ...row, roles: [other], atOnce: 1 }],
      hosts: { count: 2, roles: ['a'], beside: [other], sharing: [] },
    },
  ]);
});

it('there is none where everything may happen to all', () => {
  expect(steps({ atOnce: 'all' })).toEqual([]);
});
