import { expect, it } from 'vitest';
import { stepsOf } from './steps.ts';

const steps = (row: Omit<Parameters<typeof stepsOf>[0][number], 'fault'>) =>
  stepsOf(
    [
      { fault: 'crash', atOnce: 'all' },
      { fault: 'x', ...row },
    ],
    (roles) => (roles === undefined ? 5 : 2),
  );

it.each([
  ['one host more than a number', { atOnce: 2 }, 'on 3 of 5 hosts', { atOnce: 3 }],
  ['one more than a minority', { atOnce: 'minority' }, 'on 3 of 5 hosts', { atOnce: 3 }],
  ['one more of a role', { atOnce: 1, roles: ['a'] }, 'on 2 of 2 hosts', { atOnce: 2, roles: ['a'] }],
  ['all instead of all but one', { atOnce: 'all-but-one' }, 'on 5 of 5 hosts', { atOnce: 5 }],
  [
    'as hard as it comes where all may be hit',
    { atOnce: 'all', parameters: { factor: 10, file: 'log' } },
    'factor above 10',
    { atOnce: 'all', parameters: { file: 'log' } },
  ],
] as const)('one step beyond is %s', (_, row, what, harder) => {
  expect(steps(row)).toEqual([
    {
      fault: 'x',
      what,
      tolerance: [
        { fault: 'crash', atOnce: 'all' },
        { fault: 'x', ...harder },
      ],
    },
  ]);
});

it('there is none where everything may happen to all', () => {
  expect(steps({ atOnce: 'all' })).toEqual([]);
});
