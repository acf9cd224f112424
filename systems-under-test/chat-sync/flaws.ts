import type { Flaw } from '../../harness/contract/index.ts';

const lost = { checker: 'messages', anomaly: 'lost' } as const;
const diverged = { checker: 'messages', anomaly: 'diverged' } as const;
const causal = { checker: 'messages', anomaly: 'causal-order' } as const;

export const flaws: readonly Flaw[] = [
  {
    name: 'shows-without-causes',
    summary:
      'a device shows what has arrived, whether or not what its sender had been shown is there: answers before their questions',
    caughtBy: [causal],
  },
  {
    name: 'clock-of-own-messages',
    summary:
      'the clock of a message counts those of its device alone, and not what the device was shown: an answer may stand above its question, or wait for it in vain',
    caughtBy: [causal, { checker: 'messages', anomaly: 'own-missing' }, lost, diverged],
  },
  {
    name: 'forgets-unconfirmed',
    summary:
      'what a device has sent to its server is taken for received: lost on the way, it is not sent again',
    caughtBy: [lost, diverged],
  },
  {
    name: 'outbox-not-synced',
    summary: 'a message counts as sent before it is on the disk of the device, whose battery may fail',
    caughtBy: [
      { checker: 'messages', anomaly: 'own-missing' },
      lost,
      diverged,
      { checker: 'messages', anomaly: 'vanished' },
    ],
  },
  {
    name: 'servers-apart',
    summary:
      'servers do not tell each other what devices brought: only who changes between servers carries it across',
    caughtBy: [diverged, lost],
  },
];
