import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';

/** As in `native/link.c`. */
const CONTROL_BYTES = 65_536;
const READY_AT = 8;
const RULES_AT = 64;
const COUNTERS_AT = 32_768;
const RECORD = 64;
export const RULES_MOST = 500;

const ONLY = { request: 1, reply: 2 } as const;

/** What one link does to frames from or to another host. Times in nanoseconds. */
export interface LinkRule {
  readonly inbound: boolean;
  /** IPv4 address of the other host. */
  readonly peer: string;
  readonly only?: 'request' | 'reply';
  readonly fault: number;
  readonly delay: number;
  readonly jitter: number;
  readonly reorderBy: number;
  readonly duplicate: number;
  readonly reorder: number;
  readonly corrupt: number;
  readonly bits: number;
}

export interface LinkCounters {
  readonly delayed: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly corrupted: number;
}

/** The memory that is shared with a link. */
export class LinkControl {
  private readonly file: number;

  constructor(path: string) {
    this.file = openSync(path, 'w+');
    ftruncateSync(this.file, CONTROL_BYTES);
  }

  /** Whether the link carries frames by now. */
  get ready(): boolean {
    return this.read(READY_AT, 4).readUInt32LE() === 1;
  }

  /** These rules and no others. None is in force while they change. */
  set(rules: readonly LinkRule[]): void {
    this.count(0);
    for (const [nth, rule] of rules.entries())
      writeSync(this.file, encoded(rule), 0, RECORD, RULES_AT + nth * RECORD);
    this.count(rules.length);
  }

  counted(fault: number): LinkCounters {
    const bytes = this.read(COUNTERS_AT + (fault % RULES_MOST) * RECORD, RECORD);
    const [delayed, duplicated, reordered, corrupted] = [0, 8, 16, 24].map((at) =>
      Number(bytes.readBigUInt64LE(at)),
    );
    return { delayed: delayed!, duplicated: duplicated!, reordered: reordered!, corrupted: corrupted! };
  }

  close(): void {
    closeSync(this.file);
  }

  private count(rules: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(rules);
    writeSync(this.file, bytes, 0, 4, 0);
  }

  private read(at: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    readSync(this.file, bytes, 0, length, at);
    return bytes;
  }
}

function encoded(rule: LinkRule): Buffer {
  const bytes = Buffer.alloc(RECORD);
  bytes.writeUInt32LE(rule.inbound ? 1 : 0, 0);
  Buffer.from(rule.peer.split('.').map(Number)).copy(bytes, 4);
  bytes.writeUInt32LE(rule.only === undefined ? 0 : ONLY[rule.only], 8);
  bytes.writeUInt32LE(rule.fault, 12);
  bytes.writeBigUInt64LE(BigInt(Math.round(rule.delay)), 16);
  bytes.writeBigUInt64LE(BigInt(Math.round(rule.jitter)), 24);
  bytes.writeBigUInt64LE(BigInt(Math.round(rule.reorderBy)), 32);
  bytes.writeFloatLE(rule.duplicate, 40);
  bytes.writeFloatLE(rule.reorder, 44);
  bytes.writeFloatLE(rule.corrupt, 48);
  bytes.writeUInt32LE(rule.bits, 52);
  return bytes;
}
