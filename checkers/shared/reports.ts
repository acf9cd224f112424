import type { Anomaly } from '../checker.ts';

/** Anomalies of one name that are explained; so that a thousand of one kind hide no other. */
const MOST_OF_A_NAME = 10;

/** Collects anomalies: counts all, explains the first few of each name. An explanation costs more than what it explains. */
export class Reports {
  readonly anomalies: Anomaly[] = [];
  private readonly counts = new Map<string, number>();

  add(name: string, explain: () => Omit<Anomaly, 'name'>): void {
    const count = (this.counts.get(name) ?? 0) + 1;
    this.counts.set(name, count);
    if (count <= MOST_OF_A_NAME) this.anomalies.push({ name, ...explain() });
  }

  /** How many there are of this name. */
  count(name: string): number {
    return this.counts.get(name) ?? 0;
  }
}
