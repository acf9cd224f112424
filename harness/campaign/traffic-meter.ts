import { type HistoryEvent, isPhase } from '../../histories/index.ts';
import type { Traffic } from '../simulator/index.ts';

/** Reads the world's counters when the phases of a run begin: a sink for its events. */
export class TrafficMeter {
  private readonly read: () => Traffic;
  private readonly atBeginOf = new Map<string, Traffic>();

  constructor(read: () => Traffic) {
    this.read = read;
  }

  append(event: HistoryEvent): void {
    if (!isPhase(event)) return;
    const { name } = event.value as { readonly name?: string };
    if (name !== undefined) this.atBeginOf.set(name, this.read());
  }

  /** From the beginning of the fault phase until everything is healed, or the run has ended. */
  get duringFaults(): Traffic {
    const from = this.atBeginOf.get('faults') ?? { packets: 0, bytes: 0 };
    const to = this.atBeginOf.get('heal') ?? this.read();
    return { packets: to.packets - from.packets, bytes: to.bytes - from.bytes };
  }
}
