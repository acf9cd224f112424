import { type Host, HostError, type Setting } from '../../harness/contract/index.ts';
import type { Copies } from './copies.ts';
import type { QuorumOptions } from './options.ts';
import type { Replica } from './replica.ts';

/**
 * Hands the copies that this server holds for others over to them, as soon as they answer (Dynamo, section 4.6). The copy stays here, only the hint goes: a later write that
 * this server coordinates in their place must know of its earlier ones (`dotted-versions.ts`).
 */
export async function handOffForever(
  host: Host,
  { options }: Setting<QuorumOptions>,
  replica: Replica,
  copies: Copies,
): Promise<void> {
  for (;;) {
    await host.sleep(options.handOffInterval);
    const silent = new Set<string>();
    for (const hint of replica.hints()) {
      const state = replica.read(hint.key);
      if (state === undefined || silent.has(hint.target)) continue;
      const answer = await copies.storeAt(hint.target, hint.key, state);
      if (answer === undefined) {
        silent.add(hint.target);
        continue;
      }
      host.sometimes(true, 'handed over');
      try {
        await replica.handedOver(hint, state);
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
      }
    }
  }
}
