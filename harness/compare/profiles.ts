import { type Json, MILLISECOND, type Nanos, type Random, type Target } from '../contract/index.ts';
import type { Range } from './topology.ts';

/** One kind of hardship of a profile. */
export interface Hardship {
  /** Name of a nemesis. */
  readonly fault: string;
  readonly shortest: Nanos;
  readonly longest: Nanos;
  aim(
    range: Range,
    random: Random,
  ): { readonly target: Target; readonly parameters: { readonly [name: string]: Json } };
}

/** A kind of trouble, the same for every system, whatever it tolerates. */
export interface Profile {
  readonly name: string;
  readonly summary: string;
  readonly hardships: readonly Hardship[];
  /** True if it is about data centres and cables, of which there must be several. */
  readonly far?: boolean;
}

/** Whoever leads every other time, any machine else. A system without a leader is hit at its first server instead. */
function oneMachine({ machines }: Range, random: Random): Target {
  return random.chance(0.5) ? { role: 'leader', index: 0 } : { hosts: [random.pick(machines)] };
}

/** Less than half of the machines, at least one. */
function minority({ machines }: Range, random: Random): string[] {
  const most = Math.max(1, Math.floor((machines.length - 1) / 2));
  return random.shuffle(machines).slice(0, random.integer(1, most));
}

function someClients({ clients }: Range, random: Random): string[] {
  const half = Math.max(1, Math.floor(clients.length / 2));
  return random.shuffle(clients).slice(0, half);
}

function hardship(
  fault: string,
  [shortest, longest]: readonly [number, number],
  aim: Hardship['aim'],
): Hardship {
  return { fault, shortest: shortest * MILLISECOND, longest: longest * MILLISECOND, aim };
}

const crash = hardship('crash', [300, 1200], (range, random) => ({
  target: oneMachine(range, random),
  parameters: { moment: 'now' },
}));

const cutOff = hardship('partition-primary', [500, 1500], ({ clients }) => ({
  target: { role: 'leader', index: 0 },
  parameters: { clients: Math.floor(clients.length / 2) },
}));

const split = hardship('partition-halves', [500, 1500], (range, random) => ({
  target: { hosts: [...minority(range, random), ...someClients(range, random)] },
  parameters: {},
}));

const pause = hardship('pause-process', [200, 1200], (range, random) => ({
  target: oneMachine(range, random),
  parameters: {},
}));

const loss = hardship('packet-loss', [500, 1500], ({ machines }, random) => ({
  target: { hosts: machines },
  parameters: { loss: random.integer(2, 20) / 100 },
}));

const delay = hardship('packet-delay', [500, 1500], (range, random) => ({
  target: oneMachine(range, random),
  parameters: { delay: random.integer(5, 100) * MILLISECOND, jitter: random.integer(1, 50) * MILLISECOND },
}));

const skew = hardship('clock-step', [1000, 3000], (range, random) => ({
  target: oneMachine(range, random),
  parameters: { step: (random.chance(0.5) ? 1 : -1) * random.integer(10, 2000) * MILLISECOND },
}));

const blackout = hardship('power-loss', [200, 600], ({ machines }) => ({
  target: { hosts: machines },
  parameters: { unsynced: 'lose', moment: 'now' },
}));

const cut = hardship('cable-cut', [500, 1500], ({ cables }, random) => ({
  target: { cables: random.shuffle(cables).slice(0, random.integer(1, cables.length)) },
  parameters: {},
}));

const darkness = hardship('power-loss', [400, 1200], ({ datacenters }, random) => ({
  target: { datacenters: [random.pick(datacenters)] },
  parameters: { unsynced: 'lose', moment: 'now' },
}));

/** The profiles by name, the mildest first. */
export const PROFILES: readonly Profile[] = [
  { name: 'none', summary: 'no fault', hardships: [] },
  {
    name: 'crash',
    summary: 'one machine at a time loses power, and comes back with what it synced',
    hardships: [crash],
  },
  {
    name: 'partition',
    summary: 'a minority of the machines is cut off, together with half of the clients',
    hardships: [cutOff, split],
  },
  { name: 'pause', summary: 'one process at a time stops, as in a garbage collection', hardships: [pause] },
  { name: 'network', summary: 'packets are lost, or take longer', hardships: [loss, delay] },
  { name: 'clock', summary: 'the wall clock of one machine is off by up to two seconds', hardships: [skew] },
  {
    name: 'power',
    summary: 'all machines lose power at once, and every unsynced write',
    hardships: [blackout],
  },
  {
    name: 'all',
    summary: 'each of these, one after the other',
    hardships: [crash, cutOff, split, pause, loss, delay, skew, blackout],
  },
  { name: 'cable', summary: 'cables between data centres are cut', hardships: [cut], far: true },
  { name: 'site', summary: 'a data centre loses power', hardships: [darkness], far: true },
];
