import { beforeAll, describe, expect, it } from 'vitest';
import { MILLISECOND, type Plan, SECOND, type System } from '../../harness/contract/index.ts';
import { type HistoryEvent, isOperation, operationPairs } from '../../histories/index.ts';
import { primaryBackup } from '../primary-backup/index.ts';
import { raft } from '../raft/index.ts';
import { counted, messagesIn } from '../testing/counted.ts';
import { trial } from '../testing/trial.ts';
import { chain } from './index.ts';

interface Price {
  readonly messages: number;
  /** Messages sent and received by the server that has most of them. */
  readonly busiest: number;
  /** Median, in nanoseconds. */
  readonly latency: number;
}

const TIME = 4 * SECOND;

async function operations(
  system: System<never>,
  shares: { readShare: number; writeShare: number },
  rate: number,
) {
  const workload = { name: 'register', options: { keys: 5, casShare: 0, ...shares } };
  const request = { schedule: [], clients: 5, time: TIME, workload, rate, options: { servers: 3 } };
  const { events } = await trial(counted(system), 1, request);
  const during = events.filter(({ time }) => time >= SECOND && time < SECOND + TIME);
  const done = operationPairs(during).filter(({ completion }) => completion?.type === 'ok');
  return { done, messages: messagesIn(during) };
}

/** What one operation costs, the background of reports and heartbeats taken away: the difference between a busy run and a quiet one. */
async function price(system: System<never>, f: 'read' | 'write'): Promise<Price> {
  const shares = { readShare: f === 'read' ? 1 : 0, writeShare: f === 'write' ? 1 : 0 };
  const quiet = await operations(system, shares, 10);
  const busy = await operations(system, shares, 60);
  const more = busy.done.length - quiet.done.length;
  const servers = [...busy.messages.at.keys()].filter((host) => !host.startsWith('c'));
  const extra = servers.map((host) => busy.messages.at.get(host)! - (quiet.messages.at.get(host) ?? 0));
  const latencies = busy.done.map(({ invocation, completion }) => completion!.time - invocation.time);
  return {
    messages: (busy.messages.all - quiet.messages.all) / more,
    busiest: Math.max(...extra) / more,
    latency: latencies.sort((a, b) => a - b)[Math.floor(latencies.length / 2)]!,
  };
}

/** How long nobody could write after the server that leads died, in nanoseconds. */
async function outage(system: System<never>): Promise<number> {
  const schedule: Plan['schedule'] = [
    { at: SECOND, for: 2 * SECOND, fault: 'crash', target: { role: 'leader', index: 0 }, parameters: {} },
  ];
  const workload = { name: 'register', options: { readShare: 0, casShare: 0 } };
  const { events } = await trial(system, 1, {
    schedule,
    clients: 10,
    rate: 300,
    time: 3 * SECOND,
    workload,
    options: { servers: 3 },
  });
  const died = events.find((event) => 'f' in event && event.f === 'crash')!.time;
  const served = (event: HistoryEvent) => isOperation(event) && event.type === 'ok' && event.time > died;
  return events.find(served)!.time - died;
}

describe('the price of a chain of three, beside a primary with two backups and Raft with three servers', () => {
  const systems = [chain, primaryBackup, raft] as unknown as readonly System<never>[];
  const reads: { [name: string]: Price } = {};
  const writes: { [name: string]: Price } = {};
  const outages: { [name: string]: number } = {};

  beforeAll(async () => {
    for (const system of systems) {
      reads[system.name] = await price(system, 'read');
      writes[system.name] = await price(system, 'write');
      outages[system.name] = await outage(system);
    }
  });

  it('a read costs a request and its reply; the others ask their copies as well', () => {
    expect(reads.chain!.messages).toBeCloseTo(2, 0);
    expect(reads['primary-backup']!.messages).toBeGreaterThan(4);
    expect(reads.raft!.messages).toBeGreaterThan(5);
  });

  it('a write costs as many messages as with Raft, but no server has to do with all of them', () => {
    expect(writes.chain!.messages).toBeCloseTo(6, 0);
    expect(writes.raft!.messages).toBeCloseTo(6, 0);
    expect(writes.chain!.busiest).toBeCloseTo(4, 0);
    expect(writes.raft!.busiest).toBeGreaterThan(5);
    expect(writes['primary-backup']!.busiest).toBeGreaterThan(writes.chain!.busiest);
  });

  it('a write takes longer, since it goes from disk to disk', () => {
    expect(writes.chain!.latency).toBeGreaterThan(1.25 * writes.raft!.latency);
    expect(writes.chain!.latency).toBeGreaterThan(1.25 * writes['primary-backup']!.latency);
  });

  it('all of them write again within half a second of the death of who leads', () => {
    for (const { name } of systems) {
      expect(outages[name]).toBeGreaterThan(50 * MILLISECOND);
      expect(outages[name]).toBeLessThan(500 * MILLISECOND);
    }
  });
});
