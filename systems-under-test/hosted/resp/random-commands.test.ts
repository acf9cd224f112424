import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeCommand } from './protocol/encode.ts';
import { engineTarget } from './testing/engine-target.ts';
import { FAMILIES } from './testing/random-commands.ts';
import { realEnvironment } from './testing/real-environment.ts';
import { hasRedis, type RealRedis, startRedis } from './testing/real-redis.ts';
import { sortedReply } from './testing/reply-frames.ts';
import type { Wire } from './testing/target.ts';
import { take } from './testing/transcript.ts';

/** Replies to commands sent all at once. */
async function pipeline(wire: Wire, commands: readonly (readonly string[])[]): Promise<string[]> {
  wire.send([['FLUSHALL'], ...commands].map(encodeCommand).join(''));
  await take(wire);
  const replies: string[] = [];
  for (const command of commands)
    replies.push(`${JSON.stringify(command)} ${JSON.stringify(await take(wire))}`);
  return replies;
}

describe.skipIf(!hasRedis())('replies to random commands equal those of a real Redis', () => {
  let real: RealRedis;
  let theirs: Wire;
  let ours: Wire;
  beforeAll(async () => {
    real = await startRedis();
    theirs = await real.open();
    ours = await engineTarget(realEnvironment()).open();
  });
  afterAll(async () => {
    theirs.close();
    await real.stop();
  });

  for (const [family, { commands, unordered }] of Object.entries(FAMILIES)) {
    it(family, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(commands, { minLength: 10, maxLength: 60 }), async (sequence) => {
          const [one, other] = [await pipeline(ours, sequence), await pipeline(theirs, sequence)];
          const shown = (reply: string): string =>
            unordered ? sortedReply(JSON.parse(reply.slice(reply.indexOf('] ') + 2))) : reply;
          expect(one.map(shown)).toEqual(other.map(shown));
        }),
        { seed: Number(process.env.PROPERTY_SEED), numRuns: 60 },
      );
    });
  }
});
