import { type Flaw, SECOND } from '../../harness/contract/index.ts';

const stale = { checker: 'staleness', anomaly: 'stale-read' } as const;

export const flaws: readonly Flaw[] = [
  {
    name: 'fills-after-purge',
    summary: 'takes in content that was fetched before the purge: it is served as if it were new',
    caughtBy: [{ checker: 'assertions', anomaly: 'assertion' }],
    // Every read fetches, so that fetches meet purges often.
    options: { ttl: 0, staleWhileRevalidate: SECOND },
  },
  {
    name: 'hit-renews',
    summary:
      'each hit makes an entry fresh again: a popular one is served for ever where the purge does not arrive',
    caughtBy: [stale],
  },
  {
    name: 'error-renews',
    summary:
      'an origin that does not answer makes an entry fresh again: it is served as long as the origin is away',
    caughtBy: [stale],
  },
  {
    name: 'caches-error-pages',
    summary: 'keeps what the origin says when it fails, and serves it as content',
    caughtBy: [{ checker: 'corruption', anomaly: 'garbage-read' }],
  },
];
