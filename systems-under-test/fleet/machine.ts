import type { Host, Json, Nanos } from '../../harness/contract/index.ts';
import { afterExponential, drawTime } from './exponential.ts';
import type { FleetOptions } from './options.ts';

type Fields = { readonly [name: string]: Json };

/** How long anybody waits for an answer. Far longer than it takes, far shorter than anything that matters here. */
export const PATIENCE: Nanos = 1e9;

/**
 * A machine with copies of groups. It fails by itself, with everything that it holds, and is silent until an empty one has been
 * put in its place. Its data are a set of group numbers: whether a copy can be made depends on a machine that has one and answers.
 * `rack`: the other machines of the rack, on the one machine whose failure clock is the rack's.
 */
export function startMachine(
  host: Host,
  options: FleetOptions,
  manager: string,
  rack: readonly string[] | undefined,
): void {
  const held = new Set<number>();
  let up = true;

  // One clock for each machine, whatever else it dies of.
  const live = (): void =>
    afterExponential(host, options.lifetime, () => {
      live();
      fail();
    });

  function fail(): void {
    // A rack that burns finds some machines dead already.
    if (!up) return;
    up = false;
    held.clear();
    host.note('failed', null);
    if ('after' in options.detection)
      host.after(options.detection.after, () => host.network.send(manager, { f: 'silent' }));
    host.after(options.replacement, () => {
      up = true;
      host.network.send(manager, { f: 'joined' });
    });
  }

  function rackLives(): void {
    if (rack === undefined || options.rackLifetime === undefined) return;
    afterExponential(host, options.rackLifetime, () => {
      host.note('rack-failed', null);
      for (const name of rack) host.network.send(name, { f: 'burn' });
      rackLives();
    });
  }

  /** Copying takes its time; then it is seen whether anybody still has what was to be copied. */
  async function copy(group: number): Promise<void> {
    const { from } = (await host.network.request(
      manager,
      { f: 'holders', group },
      { timeout: PATIENCE },
    )) as {
      readonly from: readonly string[];
    };
    for (const source of from) {
      const reply = await host.network.request(source, { f: 'fetch', group }, { timeout: PATIENCE });
      if ((reply as Fields).has !== true || !up) continue;
      held.add(group);
      host.network.send(manager, { f: 'stored', group });
      return;
    }
  }

  host.network.onMessage((message) => {
    const { f, group, groups } = message as Fields;
    if (f === 'burn') fail();
    if (!up) return;
    if (f === 'hold') for (const each of groups as readonly number[]) held.add(each);
    if (f === 'copy') {
      host.after(drawTime(host.random, options.copyTime), () => (up ? copy(group as number) : undefined));
    }
  });
  // A dead machine answers nothing; to say so at once spares the one who asks a time-out, and changes nothing else.
  host.network.onRequest((message) => ({ has: up && held.has((message as Fields).group as number) }));

  live();
  rackLives();
  if ('every' in options.detection) {
    const { every } = options.detection;
    const beat = (): void => {
      if (up) host.network.send(manager, { f: 'alive' });
      host.after(every, beat);
    };
    host.after(host.random.integer(0, every), beat);
  }
}
