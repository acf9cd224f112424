import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineTarget } from './testing/engine-target.ts';
import { realEnvironment } from './testing/real-environment.ts';
import { hasRedis, type RealRedis, startRedis } from './testing/real-redis.ts';
import { HASHES, LISTS, SETS } from './testing/scripts/collections.ts';
import { PUBLISHING, STREAM_GROUPS, STREAMS, TRANSACTIONS } from './testing/scripts/flow.ts';
import { KEYS } from './testing/scripts/keys.ts';
import { LIBRARIES } from './testing/scripts/libraries.ts';
import { SCRIPTING } from './testing/scripts/scripting.ts';
import { SORTED_SETS } from './testing/scripts/sorted-sets.ts';
import { STRINGS } from './testing/scripts/strings.ts';
import { steps, transcript } from './testing/transcript.ts';

const SCRIPTS = {
  STRINGS,
  KEYS,
  HASHES,
  LISTS,
  SETS,
  SORTED_SETS,
  STREAMS,
  STREAM_GROUPS,
  TRANSACTIONS,
  PUBLISHING,
  SCRIPTING,
  LIBRARIES,
};

describe.skipIf(!hasRedis())('replies equal those of a real Redis', () => {
  let real: RealRedis;
  beforeAll(async () => {
    real = await startRedis();
  });
  afterAll(() => real.stop());

  // Keys go by real time here: on a machine that stands still for half a second a script is run again.
  for (const [name, script] of Object.entries(SCRIPTS)) {
    it(`${name.toLowerCase().replace('_', ' ')}: ${steps(script).length} steps`, { retry: 2 }, async () => {
      const clean = steps('FLUSHALL\nSCRIPT FLUSH\nCONFIG SET notify-keyspace-events ""\n');
      await transcript(real, clean);
      const [ours, theirs] = [
        await transcript(engineTarget(realEnvironment()), steps(script)),
        await transcript(real, steps(script)),
      ];
      expect(ours).toEqual(theirs);
    });
  }
});
