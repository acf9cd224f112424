import { describe, expect, it } from 'vitest';
import { PRESETS, PROFILES } from '../compare/index.ts';
import { registries } from './registries.ts';

/** As users have it: compiled. */
const compiled = new URL('../../dist/harness/cli/contenders.js', import.meta.url).href;
const { contendersOf, presetsOf } = (await import(compiled)) as typeof import('./contenders.ts');

describe('the systems of a comparison', () => {
  it('have options as pairs or as JSON, and labels', async () => {
    const specs = [
      'raft:servers=3',
      'primary-backup:{"mode":"asynchronous"}',
      'two copies=chain:servers=2,reads=any',
    ];
    const [raft, backup, chain] = await contendersOf(specs);
    expect(raft).toMatchObject({ label: 'raft servers=3', options: { servers: 3, heartbeat: '50ms' } });
    expect(backup).toMatchObject({
      label: 'primary-backup mode=asynchronous',
      options: { mode: 'asynchronous' },
    });
    expect(chain).toMatchObject({ label: 'two copies', options: { servers: 2, reads: 'any' } });
  });

  it.each(PRESETS)(
    'preset $name names systems and profiles that there are',
    async ({ name, profiles, contenders }) => {
      expect(presetsOf(['raft', name]).map((preset) => preset.name)).toEqual([name]);
      expect(await contendersOf([name])).toHaveLength(contenders.length);
      const known = [...PROFILES, ...registries.nemeses].map((each) => each.name);
      for (const profile of profiles) expect(known).toContain(profile);
    },
  );

  it.each([
    [['replicaton'], /^unknown system "replicaton": expected .*, or a preset \(replication, /],
    [['raft', 'raft'], /^raft: expected a label of its own, such as other=raft, got a second "raft"$/],
    [['primary-backup:mode=fast'], /^primary-backup:mode=fast\/mode: expected one of \["asynchronous"/],
    [['primary-backup:mode=synchronous,fast'], /: expected options such as mode=asynchronous, got "fast"$/],
    [['raft:{"servers":'], /^raft:\{"servers":: expected options as JSON: /],
    [['raft:heartbeat=500ms'], /^raft:heartbeat=500ms: expected heartbeat < electionTimeoutMin/],
    [['./nothing.ts'], /^\.\/nothing\.ts: expected a file with a system, got no such file$/],
  ])('%j: one message', async (specs, message) => {
    await expect(contendersOf(specs)).rejects.toThrow(message);
  });
});
