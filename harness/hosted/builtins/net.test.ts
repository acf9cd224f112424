import net from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { SERVER_SCRIPTS } from '../testing/net-server-scripts.ts';
import { SOCKET_SCRIPTS } from '../testing/net-socket-scripts.ts';
import type { Stage } from '../testing/net-stage.ts';
import { hostedOn } from '../testing/on-host.ts';

const SCRIPTS = { ...SOCKET_SCRIPTS, ...SERVER_SCRIPTS };

type Transcript = Record<string, string[]>;

function writing(transcript: Transcript): Stage['say'] {
  return (actor, text) => {
    transcript[actor] ??= [];
    transcript[actor].push(text);
  };
}

const real: Record<string, Transcript> = {};

// All at once, to wait but once for the real time.
beforeAll(async () => {
  for (const [name, script] of Object.entries(SCRIPTS)) {
    const transcript: Transcript = {};
    real[name] = transcript;
    const after: Stage['after'] = (milliseconds, callback) => void setTimeout(callback, milliseconds);
    script({ net, after, say: writing(transcript) });
  }
  // Over when nothing more is said, however slow the machine is.
  const said = (): number => Object.values(real).flatMap(Object.values).flat().length;
  for (let before = -1; before < said(); ) {
    before = said();
    await new Promise((resolve) => setTimeout(resolve, 800));
  }
});

describe('net tells the same as that of Node', () => {
  it.each(Object.entries(SCRIPTS))('%s', async (name, script) => {
    const transcript: Transcript = {};
    const { world, uncaught } = hostedOn([
      (context) =>
        script({
          net: context.require('net') as typeof net,
          after: (milliseconds, callback) => void context.later(milliseconds * 1e6, callback),
          say: writing(transcript),
        }),
    ]);
    await world.run();
    expect(uncaught).toEqual([]);
    expect(transcript).toEqual(real[name]);
  });
});
