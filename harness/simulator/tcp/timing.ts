import type { Nanos } from '../../contract/index.ts';

const MS: Nanos = 1_000_000;
const SECOND: Nanos = 1_000_000_000;

/*
 * Figures of Linux (net/ipv4/tcp.h and ip-sysctl.rst), since the programs under test were written for it.
 */

/** Bytes of a segment at most. Real ones are smaller, but travel and are handled in trains of about this (GSO, GRO). */
export const SEGMENT_BYTES = 16 * 1024;
/** Send and receive buffer. There is no autotuning: from the start they are what Linux would come to on a fast path. */
export const BUFFER_BYTES = 256 * 1024;
/** Handed to the process in one call at most, as libuv reads. */
export const READ_BYTES = 64 * 1024;
/** Connections that wait to be accepted at most, beyond which calls are not answered: what Node asks for. */
export const BACKLOG = 511;
/** Header of IP and TCP. */
export const HEADER_BYTES = 40;
/** Payload of a real packet: what a segment costs in headers on a link. */
export const PACKET_BYTES = 1448;

export const FIRST_TIMEOUT: Nanos = SECOND;
const SHORTEST_TIMEOUT: Nanos = 200 * MS;
export const LONGEST_TIMEOUT: Nanos = 120 * SECOND;
/** tcp_syn_retries: a call is given up after 127 s. */
const SYN_RETRIES = 6;
/** tcp_synack_retries. */
const SYN_ACK_RETRIES = 5;
/** tcp_retries2: data is given up after about 15 minutes. */
const DATA_RETRIES = 15;
/** What is tried for a process that has closed the socket or is dead. */
const ORPHAN_RETRIES = 8;
export const DELAYED_ACK: Nanos = 40 * MS;
/** Bytes that are acknowledged at once. */
export const ACK_AT_ONCE = 2 * SEGMENT_BYTES;
/** TCP_TIMEWAIT_LEN, and tcp_fin_timeout of a socket that nobody holds. */
export const LINGER: Nanos = 60 * SECOND;
/** libuv sets these two itself. */
export const KEEP_ALIVE_INTERVAL: Nanos = SECOND;
export const KEEP_ALIVE_PROBES = 10;

/** How often something is sent again in vain. */
export function retriesIn(state: 'calling' | 'answering' | 'open', orphan: boolean): number {
  if (state === 'open') return orphan ? ORPHAN_RETRIES : DATA_RETRIES;
  return state === 'calling' ? SYN_RETRIES : SYN_ACK_RETRIES;
}

/** When what was sent is sent again: RFC 6298 with Linux's bounds. */
export class RetransmissionTimer {
  private smoothed: Nanos = 0;
  private variation: Nanos = 0;
  private base: Nanos = FIRST_TIMEOUT;
  /** Of the same bytes, so far. */
  private retries = 0;
  /** Times without a word from the peer. */
  private unanswered = 0;

  get timeout(): Nanos {
    return Math.min(this.base * 2 ** this.retries, LONGEST_TIMEOUT);
  }

  get tried(): boolean {
    return this.retries > 0;
  }

  /** Something got on. */
  progressed(): void {
    this.retries = 0;
    this.unanswered = 0;
  }

  /** The peer lives, though nothing got on. */
  heard(): void {
    this.unanswered = 0;
  }

  /** Nobody answered in time. @returns False after so many tries. */
  again(most: number): boolean {
    this.retries++;
    return ++this.unanswered <= most;
  }

  /** A round trip of a segment that was sent once (Karn). */
  measured(trip: Nanos): void {
    if (this.smoothed === 0) {
      this.smoothed = trip;
      this.variation = trip / 2;
    } else {
      this.variation += (Math.abs(this.smoothed - trip) - this.variation) / 4;
      this.smoothed += (trip - this.smoothed) / 8;
    }
    this.base = Math.max(
      SHORTEST_TIMEOUT,
      Math.min(Math.ceil(this.smoothed + 4 * this.variation), LONGEST_TIMEOUT),
    );
  }
}
