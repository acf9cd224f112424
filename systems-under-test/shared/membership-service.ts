import { DiskFull, type Host, HostError, type Json, type Nanos } from '../../harness/contract/index.ts';
import { loadSealed, seal } from './sealed.ts';

/** Decides who plays which part, from reports and the time. */
export interface Keeper<Kept, Ping> {
  /** What must not be forgotten. */
  readonly kept: Kept;
  hear(from: string, ping: Ping, now: Nanos): void;
  /** What should be kept from now on, or undefined if nothing changes. The service stores it, then calls `settle`. */
  next(now: Nanos): Kept | undefined;
  settle(kept: Kept): void;
}

export interface MembershipServiceOptions<Kept, Ping, K extends Keeper<Kept, Ping>> {
  /** Name of the file, and of the note about who plays which part. */
  readonly file: string;
  /** @param kept What the disk holds; undefined if nothing yet. */
  keeper(kept: Kept | undefined, now: Nanos): K;
  /** Who plays which part, as it is noted and told. */
  membership(kept: Kept): Json & { readonly number: number };
  /** @param storing A decision is on its way to the disk. */
  answer(keeper: K, from: string, ping: Ping | undefined, storing: boolean): Json;
  /** Between two decisions if nobody reports. */
  readonly interval: Nanos;
  /** Only for a fault on purpose: decisions are not kept on disk. */
  readonly forgetful?: boolean;
}

/** The host of a membership service: hears reports (`f: 'ping'`), keeps what it decides on disk before it tells anybody, tells it to whoever asks. */
export async function startMembershipService<
  Kept extends Json,
  Ping extends { readonly f: 'ping' },
  K extends Keeper<Kept, Ping>,
>(host: Host, options: MembershipServiceOptions<Kept, Ping, K>): Promise<void> {
  const { file, membership } = options;
  let keeper: K | undefined;
  let storing = false;

  async function decide(): Promise<void> {
    if (keeper === undefined || storing) return;
    const next = keeper.next(host.clock.monotonic());
    if (next === undefined) return;
    storing = true;
    try {
      if (options.forgetful !== true) await host.disk.replace(file, seal(next), { sync: true });
      if (membership(next).number !== membership(keeper.kept).number) host.note(file, membership(next));
      keeper.settle(next);
    } catch (error) {
      // Without room the old decision stays; the next tick tries again. A failed disk is the end: what was kept is not certain.
      if (!(error instanceof HostError)) throw error;
      if (!(error instanceof DiskFull)) host.exit(error.message);
    } finally {
      storing = false;
    }
  }

  host.network.onRequest(async (message, from): Promise<Json> => {
    const request = message as Ping | { readonly f: string };
    if (keeper === undefined)
      throw new HostError('starting', `the service of the ${file} is not ready`, true);
    if (!isPing(request)) return options.answer(keeper, from, undefined, storing);
    keeper.hear(from, request, host.clock.monotonic());
    await decide();
    return options.answer(keeper, from, request, storing);
  });

  try {
    const kept = loadSealed(await host.disk.read(file), file) as Kept | undefined;
    keeper = options.keeper(kept, host.clock.monotonic());
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    host.exit(error.message);
    return;
  }
  for (;;) {
    await host.sleep(options.interval);
    await decide();
  }
}

function isPing<Ping extends { readonly f: 'ping' }>(
  request: Ping | { readonly f: string },
): request is Ping {
  return request.f === 'ping';
}
