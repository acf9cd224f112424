import { UNCLAIMED_OPTION, type UnclaimedOption } from '../transactions/claimed.ts';

export type LongForkOptions = UnclaimedOption & {
  /**
   * How it is known in which order a key was written: `once`: each key is written at most once; `ascending`: the values written to a key
   * are different numbers, and a larger one is written later.
   */
  readonly versions?: 'once' | 'ascending';
};

export const optionsSchema = {
  type: 'object',
  properties: {
    ...UNCLAIMED_OPTION,
    versions: {
      description:
        'how the order of the writes to a key is known: each key is written once, or with ascending numbers',
      enum: ['once', 'ascending'],
      default: 'once',
    },
  },
  additionalProperties: false,
} as const;
