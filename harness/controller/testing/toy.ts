import type { Json } from '../../../histories/index.ts';
import {
  type Client,
  type Host,
  type Message,
  MILLISECOND,
  type Nemesis,
  type Plan,
  SECOND,
  type System,
} from '../../contract/index.ts';
import { createSimulator } from '../../simulator/index.ts';
import { EXACT, LIMITS } from '../../simulator/testing/world.ts';
import { register } from '../../workload/index.ts';
import { type RunOptions, runPlan, type WorldFactory } from '../run.ts';

type JsonObject = { readonly [name: string]: Json };

/** A key-value server that keeps everything in plain variables, and a client that asks it once. */
export const toy: System = {
  name: 'toy',
  summary: 'a server that forgets',
  options: { type: 'object' },
  roles: () => ({ server: 1 }),
  start(host, _role, setting) {
    const values = new Map<string, Json>();
    host.note('leader', true);
    const dead = setting.flaw('dead-from-birth');
    host.network.onRequest((message) =>
      dead ? new Promise(() => {}) : carryOut(message as JsonObject, values),
    );
  },
  client: (host, { hosts }): Client => asking(host, hosts.server![0]!),
  claims: () => ({ consistency: 'linearizable', durability: false, recoveryWithin: 2 * SECOND }),
  tolerance: () => [],
  flaws: [{ name: 'dead-from-birth', summary: 'answers nothing', caughtBy: [] }],
  operations: ['read', 'write', 'cas'],
  workload: () => ({ name: 'register' }),
  checkers: () => [{ name: 'linearizable' }, { name: 'stats' }],
  leaderNote: 'leader',
};

function carryOut(request: JsonObject, values: Map<string, Json>): Message {
  const { f, key = null, value = null } = request;
  const name = String(key);
  const current = values.get(name) ?? null;
  if (f === 'read') return { type: 'ok', value: current };
  if (f === 'cas') {
    const [expected, next] = value as readonly [Json, Json];
    if (expected !== current) return { type: 'fail', error: 'cas-mismatch' };
    values.set(name, next);
  } else values.set(name, value);
  return { type: 'ok', value };
}

function asking(host: Host, server: string): Client {
  return {
    async invoke(request) {
      const message = { f: request.f, key: request.key ?? null, value: request.value };
      const reply = await host.network.request(server, message, { timeout: 200 * MILLISECOND });
      const { type, value = null, error = null } = reply as JsonObject;
      return type === 'ok' ? { type, value, node: server } : { type: 'fail', error, node: server };
    },
  };
}

export function toyPlan(changes: Partial<Plan> = {}, workload: Partial<Plan['workload']> = {}): Plan {
  const clients = workload.clients ?? 3;
  const specs = [
    { name: 'n1', role: 'server' },
    ...Array.from({ length: clients }, (_, i) => ({ name: `c${i + 1}`, role: 'client' })),
  ];
  return {
    sixways: 1,
    seed: 1,
    system: { name: 'toy', options: {}, flaws: [] },
    topology: {
      datacenters: [{ name: 'dc1', clusterSwitches: 1, racks: [{ name: 'r1', row: 'row1', hosts: specs }] }],
      cables: [],
    },
    world: EXACT,
    workload: { name: 'register', options: { keys: 2 }, clients, rate: 30, timeout: SECOND, ...workload },
    phases: { warmUp: SECOND, faults: 2 * SECOND },
    schedule: [],
    limits: LIMITS,
    beyond: false,
    checkers: [],
    ...changes,
  };
}

export const simulated: WorldFactory = ({ seed, topology, world, limits }, observe) =>
  createSimulator({ seed, topology, settings: world, limits, observe });

/** Kills the targeted hosts. */
export const killing: Nemesis = {
  name: 'kill',
  summary: 'ends processes',
  levers: ['kill'],
  targets: ['hosts', 'role'],
  parameters: { type: 'object' },
  momentary: false,
  lasting: false,
  applicable: () => true,
  arbitrary: () => {
    throw new Error('not generated here');
  },
  hits: () => 1,
  apply({ target }, { levers, leader }) {
    return levers.kill('hosts' in target ? target.hosts[0]! : leader()!);
  },
};

export function runToy(plan: Plan, more: Partial<RunOptions> = {}): ReturnType<typeof runPlan> {
  return runPlan({ plan, system: toy, workload: register, nemeses: [killing], world: simulated, ...more });
}
