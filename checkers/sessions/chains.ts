import { int32s } from '../transactions/arrays.ts';

/** For each session and key a growing list of (position, item), positions ascending: what the session has to do with the key. */
export class Chains {
  private readonly sessions: number;
  /** By key and session, as one asks for all sessions of a key: one more than the number of the list; a map where most pairs never meet. */
  private readonly dense: Int32Array | undefined;
  private readonly sparse = new Map<number, number>();
  private readonly positions: number[][] = [];
  private readonly items: number[][] = [];

  constructor(sessions: number, keys: number) {
    this.sessions = sessions;
    if (sessions * keys <= 1 << 22) this.dense = int32s(sessions * keys);
  }

  push(session: number, key: number, position: number, item: number): void {
    let list = this.find(session, key);
    if (list < 0) {
      list = this.positions.push([]) - 1;
      this.items.push([]);
      if (this.dense !== undefined) this.dense[key * this.sessions + session] = list + 1;
      else this.sparse.set(key * this.sessions + session, list + 1);
    }
    this.positions[list]!.push(position);
    this.items[list]!.push(item);
  }

  /** The last item at or before the position; -1 if there is none. */
  lastAt(session: number, key: number, position: number): number {
    const list = this.find(session, key);
    if (list < 0) return -1;
    const positions = this.positions[list]!;
    let low = 0;
    let high = positions.length;
    if (high > 0 && positions[high - 1]! <= position) low = high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (positions[middle]! <= position) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? -1 : this.items[list]![low - 1]!;
  }

  private find(session: number, key: number): number {
    const at = key * this.sessions + session;
    return (this.dense !== undefined ? this.dense[at]! : (this.sparse.get(at) ?? 0)) - 1;
  }
}
