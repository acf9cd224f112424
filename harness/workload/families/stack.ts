import type { Json, Workload } from '../../contract/index.ts';
import { emptying } from './emptying.ts';
import { noArgument, type ObjectOptions, objects } from './objects.ts';

export type StackOptions = ObjectOptions & {
  /** `observe`: a pop that failed as `empty` found nothing, so that what was pushed and never came out is missed. As in the checker's option. */
  readonly empty?: 'ignore' | 'observe';
};

const family = objects({
  name: 'stack',
  summary: 'pushes of unique elements and pops; at the end the stacks are emptied',
  kinds: [
    { f: 'push', share: 1, argument: (_, fresh) => fresh },
    { f: 'pop', share: 1, argument: noArgument },
  ],
  checkers: [],
});

/** Elements go in once each and come out, the last one first; at the end pops follow each other until one finds the stack empty. */
export const stack: Workload<StackOptions> = {
  ...family,
  options: {
    ...family.options,
    properties: {
      ...(family.options.properties as { readonly [option: string]: Json }),
      empty: { enum: ['ignore', 'observe'], default: 'ignore' },
    },
  },
  final: ({ keys = 1 }) => emptying('pop', keys),
  checkers: ({ empty = 'ignore' }) => [{ name: 'linearizable', options: { model: 'stack', empty } }],
};
