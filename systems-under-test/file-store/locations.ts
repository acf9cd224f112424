import type { Nanos } from '../../harness/contract/index.ts';
import { compareReports } from '../shared/roll-call.ts';
import { type Chunk, idOf, parseId, type Report } from './chunk.ts';
import type { Candidate } from './placement.ts';

interface Known {
  readonly server: string;
  readonly rack: number;
  incarnation: number;
  nth: number;
  heardAt: Nanos;
  copies: Set<string>;
  damaged: Set<string>;
  failed: boolean;
}

/**
 * Which chunk server holds what, as the servers themselves reported it: kept in memory only, since they know best (GFS, section 2.6.1).
 * A server that was silent for `deadAfter` holds nothing that counts, until it reports again.
 */
export class Locations {
  private readonly known: readonly Known[];
  private readonly deadAfter: Nanos;
  private readonly now: () => Nanos;

  constructor(servers: readonly string[], rack: (nth: number) => number, deadAfter: Nanos, now: () => Nanos) {
    this.known = servers.map((server, nth) => ({
      server,
      rack: rack(nth),
      incarnation: 0,
      nth: 0,
      heardAt: Number.NEGATIVE_INFINITY,
      copies: new Set(),
      damaged: new Set(),
      failed: false,
    }));
    this.deadAfter = deadAfter;
    this.now = now;
  }

  /** Takes a report. False for one that a later one has overtaken, or a copy of one. */
  heard(server: string, { incarnation, nth, copies, damaged, failed }: Report): boolean {
    const known = this.of(server);
    if (compareReports({ incarnation, nth }, known) <= 0) return false;
    Object.assign(known, { incarnation, nth, heardAt: this.now(), failed });
    known.copies = new Set(copies);
    known.damaged = new Set(damaged);
    return true;
  }

  /** The server is about to remove this copy, damaged or not. */
  removed(server: string, id: string): void {
    const known = this.of(server);
    known.copies.delete(id);
    known.damaged.delete(id);
  }

  private of(server: string): Known {
    return this.known.find((known) => known.server === server)!;
  }

  private heardOf(): Known[] {
    const now = this.now();
    return this.known.filter(({ heardAt }) => now - heardAt < this.deadAfter);
  }

  private live(): Known[] {
    return this.heardOf().filter(({ failed }) => !failed);
  }

  /** Every server was heard of, those included whose disks have failed: nobody else could bring a copy back. */
  get allHeardOf(): boolean {
    return this.heardOf().length === this.known.length;
  }

  get servers(): readonly string[] {
    return this.known.map(({ server }) => server);
  }

  /** Live servers with a sound copy, in the order of the servers. `anyVersion`: of whatever version. */
  holders(chunk: Chunk, anyVersion = false): string[] {
    const id = idOf(chunk);
    const holds = ({ copies }: Known) =>
      anyVersion ? [...copies].some((each) => parseId(each).handle === chunk.handle) : copies.has(id);
    return this.live()
      .filter(holds)
      .map(({ server }) => server);
  }

  /** Live servers that say that their copy is damaged. */
  damaged(chunk: Chunk): string[] {
    const id = idOf(chunk);
    return this.live()
      .filter(({ damaged }) => damaged.has(id))
      .map(({ server }) => server);
  }

  racksOf(servers: readonly string[]): number[] {
    return servers.map((server) => this.of(server).rack);
  }

  /** Live servers, except these, as candidates for a copy. `previous`: the version whose holders are preferred. */
  candidates(except: readonly string[], previous?: Chunk): Candidate[] {
    const id = previous && idOf(previous);
    return this.live()
      .filter(({ server }) => !except.includes(server))
      .map(({ server, rack, copies }) => ({
        server,
        rack,
        load: copies.size,
        holds: id !== undefined && copies.has(id),
      }));
  }
}
