import { describe, expect, it } from 'vitest';
import {
  type HistoryEvent,
  HistoryRecorder,
  isNemesis,
  isObservation,
  isOperation,
  isPhase,
} from '../../histories/index.ts';
import {
  type Client,
  type Copy,
  type Demand,
  type Host,
  MILLISECOND,
  type Plan,
  type Scene,
  type ScheduledFault,
  SECOND,
  type System,
} from '../contract/index.ts';
import { limit, once, register, repeat, sequentialKeys } from '../workload/index.ts';
import { RunError } from './run-error.ts';
import { killing, runToy, simulated, toy, toyPlan } from './testing/toy.ts';

const MS = MILLISECOND;

const phases = (events: readonly HistoryEvent[]) =>
  events.filter(isPhase).map(({ time, value }) => [time, value]);
const operations = (events: readonly HistoryEvent[]) => events.filter(isOperation);
const nemesis = (events: readonly HistoryEvent[]) =>
  events.filter(isNemesis).map(({ time, f, value }) => ({ time, f, value }));

/** The toy with another client. */
const withClient = (invoke: Client['invoke']): System => ({ ...toy, client: () => ({ invoke }) });

const killOnce: Plan['schedule'] = [
  { at: 500 * MS, for: SECOND, fault: 'kill', target: { role: 'leader', index: 0 }, parameters: {} },
];

describe('a run without faults', () => {
  it('goes through its phases in order and ends with the last final read', async () => {
    const { events, end, ending } = await runToy(toyPlan());
    expect(end.why).toBe('stopped');
    expect(ending).toEqual({ digest: end.digest });
    expect(phases(events).map(([, value]) => value)).toEqual([
      { name: 'warm-up', clients: 3, rate: 30 },
      { name: 'faults', scheduled: 0 },
      { name: 'heal' },
      { name: 'recovery', bound: 2 * SECOND, keys: 2 },
      { name: 'final', recovered: true, after: expect.any(Number), bound: 2 * SECOND, unserved: [] },
      { name: 'end' },
    ]);
    expect(
      phases(events)
        .slice(0, 4)
        .map(([time]) => time),
    ).toEqual([0, SECOND, 3 * SECOND, 3 * SECOND]);
    expect(isPhase(events.at(-1)!)).toBe(true);
    expect(events.map(({ index }) => index)).toEqual(events.map((_, position) => position));
  });

  it('leaves the copies the time to agree that the system claims, before the final reads', async () => {
    const claims = { ...toy.claims({}), convergesWithin: SECOND };
    const { events } = await runToy(toyPlan(), { system: { ...toy, claims: () => claims } });
    const begun = phases(events) as [number, { readonly name: string; readonly after?: number }][];
    const [recovery] = begun.find(([, { name }]) => name === 'recovery')!;
    const [final, { after = 0 }] = begun.find(([, { name }]) => name === 'final')!;
    expect(final - recovery).toBe(after + SECOND);
    const silent = operations(events).filter(
      ({ type, time }) => type === 'invoke' && time > recovery + after && time < final,
    );
    expect(silent).toEqual([]);
  });

  it('invokes at the planned rate, with a stable id for each operation of the main phases alone', async () => {
    const { events } = await runToy(toyPlan({}, { rate: 200 }));
    const invoked = operations(events).filter(({ type, id }) => type === 'invoke' && id !== undefined);
    // 200 per second in 3 seconds; four standard deviations of a Poisson distribution.
    expect(Math.abs(invoked.length - 600)).toBeLessThan(100);
    for (const client of [0, 1, 2]) {
      const own = invoked.filter(({ id }) => id?.[0] === client).map(({ id }) => id?.[1]);
      expect(own).toEqual(own.map((_, nth) => nth));
    }
    const marks = operations(events)
      .filter(({ type }) => type === 'invoke')
      .map(({ id, phase }) => [id !== undefined, phase]);
    const [main, probes, final] = [
      [true, undefined],
      [false, undefined],
      [false, 'final'],
    ];
    expect(marks).toEqual([
      ...invoked.map(() => main),
      probes,
      probes,
      ...Array.from({ length: 6 }, () => final),
    ]);
  });

  it('reads every key that was used at the end, by three clients', async () => {
    const { events } = await runToy(toyPlan({}, { clients: 4, options: { keys: 3 } }));
    const reads = operations(events).filter(({ type, phase }) => type === 'invoke' && phase === 'final');
    expect(reads.map(({ process, f, key }) => `${process} ${f} ${key}`).sort()).toEqual(
      [0, 1, 2].flatMap((process) => ['k0', 'k1', 'k2'].map((key) => `${process} read ${key}`)),
    );
  });

  it('is the same again, and hands the sink what it returns', async () => {
    const first = await runToy(toyPlan({ schedule: killOnce }));
    let recorder: HistoryRecorder | undefined;
    const second = await runToy(toyPlan({ schedule: killOnce }), {
      sink: (header) => {
        recorder = new HistoryRecorder(header);
        return recorder;
      },
    });
    expect(second).toEqual(first);
    recorder!.finish(second.ending);
    const history = recorder!.history();
    expect(history).toMatchObject({ header: first.header, events: first.events });
    expect(history.footer).toMatchObject({ events: first.events.length, digest: first.end.digest });
  });

  it('has a header that says what was promised', async () => {
    const plan = toyPlan();
    const { header } = await runToy(plan, {
      origin: { code: 'abc', versions: { sixways: '1', node: '20' } },
    });
    expect(header).toEqual({
      sixways: 1,
      world: 'simulator',
      plan,
      system: 'toy',
      claims: toy.claims({}),
      checkers: [{ name: 'linearizable' }, { name: 'stats' }],
      code: 'abc',
      versions: { sixways: '1', node: '20' },
    });
  });
});

describe('operations', () => {
  it('that are open for longer than the time-out become info, and the client goes on as another process', async () => {
    const system = withClient(() => new Promise(() => {}));
    const { events } = await runToy(toyPlan({}, { clients: 2, timeout: 500 * MS }), { system });
    const all = operations(events);
    for (const [client, process] of [
      [0, 0],
      [1, 1],
    ] as const) {
      const own = all.filter(({ id }) => id?.[0] === client);
      const invoked = own.filter(({ type }) => type === 'invoke');
      const completed = own.filter(({ type }) => type !== 'invoke');
      expect(completed.map(({ type, error }) => [type, error])).toEqual(
        invoked.map(() => ['info', 'timeout']),
      );
      expect(invoked.map((operation) => operation.process)).toEqual(
        invoked.map((_, nth) => process + 2 * nth),
      );
      completed.forEach(({ time }, nth) => {
        expect(time - invoked[nth]!.time).toBe(500 * MS);
      });
    }
  });

  it('cannot be completed by a reply that comes after their time-out', async () => {
    const system: System = {
      ...toy,
      client: (host) => ({
        invoke: async () => {
          await host.sleep(600 * MS);
          return { type: 'ok', value: 'late' };
        },
      }),
    };
    const { events } = await runToy(toyPlan({}, { clients: 1, timeout: 500 * MS }), { system });
    expect(new Set(operations(events).map(({ type }) => type))).toEqual(new Set(['invoke', 'info']));
  });

  it('fail when the process was certainly not reached, and are info when it may have been', async () => {
    const killed = await runToy(toyPlan({ schedule: killOnce }));
    const errors = operations(killed.events).filter(({ error }) => error === 'refused');
    expect(errors.length).toBeGreaterThan(0);
    expect(new Set(errors.map(({ type }) => type))).toEqual(new Set(['fail']));

    const dead = await runToy(toyPlan({ system: { name: 'toy', options: {}, flaws: ['dead-from-birth'] } }));
    const silent = operations(dead.events).filter(({ type }) => type !== 'invoke');
    expect(new Set(silent.map(({ type, error }) => `${type} ${error}`))).toEqual(new Set(['info timeout']));
    expect(silent[0]!.time - operations(dead.events)[0]!.time).toBeLessThan(SECOND);
  });

  it('whose client throws are info, and the exception is an observation', async () => {
    const system = withClient(() => {
      throw new TypeError('no such thing');
    });
    const { events } = await runToy(toyPlan({}, { rate: 3 }), { system });
    const completed = operations(events).filter(({ type }) => type !== 'invoke');
    expect(new Set(completed.map(({ type, error }) => `${type} ${error}`))).toEqual(
      new Set(['info TypeError']),
    );
    expect(events.filter(isObservation).filter(({ type }) => type === 'uncaught')[0]).toMatchObject({
      kind: 'TypeError',
      data: 'no such thing',
    });
  });

  it('whose client gives no completion are info and name what it gave', async () => {
    const system = withClient(async () => ({ type: 'done' }) as never);
    const { events } = await runToy(toyPlan({}, { rate: 3 }), { system });
    expect(events.filter(isObservation).find(({ type }) => type === 'uncaught')).toMatchObject({
      kind: 'TypeError',
      data: 'client: expected a completion of type ok, fail or info, got {"type":"done"}',
    });
  });

  it('that are left out move no other: not its time, not its value, not its id', async () => {
    const options = { keys: 2, casShare: 0 };
    const whole = await runToy(toyPlan({}, { options }));
    const invocations = (events: readonly HistoryEvent[]) =>
      operations(events)
        .filter(({ type, id }) => type === 'invoke' && id !== undefined)
        .map(({ time, f, key, value, id }) => ({ time, f, key, value, id }));
    const all = invocations(whole.events);
    const kept = all.filter((_, nth) => nth % 3 === 0);
    const only = kept.map(({ id }) => id!);
    const part = await runToy(toyPlan({}, { options, only }));
    // Those that waited for an operation now left out come a little earlier, never later than their time.
    const moved = invocations(part.events);
    expect(moved.map(({ time: _, ...rest }) => rest)).toEqual(kept.map(({ time: _, ...rest }) => rest));
    moved.forEach(({ time }, nth) => {
      expect(kept[nth]!.time - time).toBeGreaterThanOrEqual(0);
      expect(kept[nth]!.time - time).toBeLessThan(MS);
    });
    expect(moved.filter(({ time }, nth) => time === kept[nth]!.time).length).toBeGreaterThan(
      kept.length * 0.9,
    );
    const told = kept.map(({ id, time }) => [...id!, time] as const);
    const pinned = await runToy(toyPlan({}, { options, only: told }));
    expect(invocations(pinned.events)).toEqual(kept);
  });
});

describe('faults', () => {
  it('are applied to whoever leads, healed, and asked for their evidence at the end', async () => {
    const { events } = await runToy(toyPlan({ schedule: killOnce }));
    const evidence = { outcome: 'bit', figures: { processesKilled: 1 } };
    expect(nemesis(events)).toEqual([
      {
        time: 1.5 * SECOND,
        f: 'kill',
        value: { fault: 0, action: 'apply', targets: ['n1'], parameters: {} },
      },
      { time: 2.5 * SECOND, f: 'kill', value: { fault: 0, action: 'heal', targets: ['n1'], evidence } },
      {
        time: expect.any(Number),
        f: 'kill',
        value: { fault: 0, action: 'evidence', targets: ['n1'], evidence },
      },
    ]);
  });

  it('without a length, or one beyond the phase, are healed when it ends', async () => {
    const fault = { fault: 'kill', target: { hosts: ['n1'] }, parameters: {} };
    const schedule = [
      { ...fault, at: 100 * MS },
      { ...fault, at: 200 * MS, for: 60 * SECOND },
    ];
    const { events } = await runToy(toyPlan({ schedule }));
    const healed = nemesis(events).filter(({ value }) => (value as { action: string }).action === 'heal');
    expect(healed.map(({ time }) => time)).toEqual([3 * SECOND, 3 * SECOND]);
    const order = events
      .filter((event) => isPhase(event) || isNemesis(event))
      .map(({ value }) => {
        const { name, action } = value as { name?: string; action?: string };
        return name ?? action;
      });
    expect(order).toEqual([
      'warm-up',
      'faults',
      'apply',
      'apply',
      'heal',
      'heal',
      'heal',
      'recovery',
      'final',
      'evidence',
      'evidence',
      'end',
    ]);
  });

  it('may be applied and healed by promises', async () => {
    const slowly = {
      ...killing,
      async apply(...parts: Parameters<typeof killing.apply>) {
        const applied = await killing.apply(...parts);
        return { evidence: applied.evidence, heal: async () => applied.heal() };
      },
    };
    const direct = await runToy(toyPlan({ schedule: killOnce }));
    const { events } = await runToy(toyPlan({ schedule: killOnce }), { nemeses: [slowly] });
    expect(events).toEqual(direct.events);
  });

  it('that cannot be applied end the run by name', async () => {
    const broken = {
      ...killing,
      apply: () => {
        throw new RangeError('no host n9');
      },
    };
    const run = runToy(toyPlan({ schedule: killOnce }), { nemeses: [broken] });
    await expect(run).rejects.toThrow(
      new RunError('nemesis', 'fault 0 (kill) could not be applied: RangeError: no host n9'),
    );
  });

  it('that hit a client make its operation info', async () => {
    const schedule: Plan['schedule'] = [
      { at: 0, for: SECOND, fault: 'kill', target: { hosts: ['c1'] }, parameters: {} },
    ];
    const { events, end } = await runToy(toyPlan({ schedule }, { rate: 100, timeout: 300 * MS }));
    expect(end.why).toBe('stopped');
    const own = operations(events).filter(
      ({ id, time }) => id?.[0] === 0 && time >= SECOND && time <= 2 * SECOND,
    );
    expect(own.filter(({ error }) => error === 'timeout').length).toBeGreaterThan(1);
  });
});

describe('recovery', () => {
  const dead = { name: 'toy', options: {}, flaws: ['dead-from-birth'] };

  it('that does not come within the bound is recorded, with the keys that wait, and the run still ends', async () => {
    const { events, end } = await runToy(toyPlan({ system: dead }));
    expect(end.why).toBe('stopped');
    expect(phases(events).find(([, value]) => (value as { name: string }).name === 'final')?.[1]).toEqual({
      name: 'final',
      recovered: false,
      after: 2 * SECOND,
      bound: 2 * SECOND,
      unserved: expect.arrayContaining(['k0', 'k1']),
    });
    expect(isPhase(events.at(-1)!)).toBe(true);
  });

  it('is not there as long as keys that could be read can only be written', async () => {
    const seen = new Set<string>();
    const system = withClient(async ({ f, key, value }) => {
      if (f !== 'read') return { type: 'ok', value };
      if (seen.has(String(key))) return { type: 'fail', error: 'stuck' };
      seen.add(String(key));
      return { type: 'ok', value: null };
    });
    const { events } = await runToy(toyPlan(), { system });
    expect(
      phases(events).find(([, value]) => (value as { name: string }).name === 'final')?.[1],
    ).toMatchObject({
      recovered: false,
      unserved: expect.arrayContaining(['k0', 'k1']),
    });
  });

  it('is there when keys are served of which no read was ever answered', async () => {
    const system = withClient(async ({ f, value }) =>
      f === 'read' ? { type: 'fail', error: 'not-found' } : { type: 'ok', value },
    );
    const { events } = await runToy(toyPlan(), { system });
    expect(
      phases(events).find(([, value]) => (value as { name: string }).name === 'final')?.[1],
    ).toMatchObject({ recovered: true });
  });

  it('begins when a client can ask: not while all of them wait for older answers', async () => {
    const system = withClient(() => new Promise(() => {}));
    const { events } = await runToy(toyPlan({}, { clients: 1, timeout: 700 * MS }), { system });
    const [heal, recovery] = phases(events)
      .slice(2, 4)
      .map(([time]) => time as number);
    const completions = operations(events).filter(({ type }) => type === 'info');
    expect(heal).toBe(3 * SECOND);
    expect(recovery).toBe(completions.find(({ time }) => time >= heal!)!.time);
  });

  it('asks for each key that was used', async () => {
    const { events } = await runToy(toyPlan({}, { options: { keys: 50 }, rate: 100 }));
    const [recovery, final] = phases(events)
      .slice(3, 5)
      .map(([time]) => time as number);
    const used = new Set(
      operations(events)
        .filter(({ time }) => time < recovery!)
        .map(({ key }) => key),
    );
    const served = operations(events).filter(
      ({ type, time }) => type === 'ok' && time > recovery! && time <= final!,
    );
    expect(new Set(served.map(({ key }) => key))).toEqual(used);
  });
});

describe('copies', () => {
  const showing = (look: (host: Host) => readonly Copy[]): System => ({
    ...toy,
    start(host, role, setting) {
      host.copies(() => look(host));
      return toy.start(host, role, setting);
    },
  });
  const shown = async (system: System) => {
    const { events, end } = await runToy(toyPlan(), { system });
    const notes = events.filter(isObservation).filter(({ kind }) => kind === 'copy');
    return { notes: notes.map(({ host, data }) => ({ host, data })), end, events };
  };

  it('are looked at when all else is done, and recorded by their digest, short ones whole', async () => {
    const { notes, events, end } = await shown(
      showing(({ name }) => [
        { of: 'short', at: 7, state: { name } },
        { of: 'long', at: null, state: 'x'.repeat(5000) },
      ]),
    );
    expect(end.why).toBe('stopped');
    expect(notes).toEqual([
      {
        host: 'n1',
        data: { of: 'short', at: 7, digest: expect.stringMatching(/^[0-9a-f]{16}$/), state: { name: 'n1' } },
      },
      { host: 'n1', data: { of: 'long', at: null, digest: expect.stringMatching(/^[0-9a-f]{16}$/) } },
    ]);
    expect(phases(events).at(-1)?.[1]).toEqual({ name: 'end' });
    expect(phases(events).at(-2)?.[1]).toMatchObject({ name: 'final' });
  });

  it('are none of a host that has none, or dies of it', async () => {
    const { notes, events } = await shown(
      showing(() => {
        throw new Error('nothing to see');
      }),
    );
    expect(notes).toEqual([]);
    expect(phases(events).at(-1)?.[1]).toEqual({ name: 'end' });
    expect((await shown(toy)).notes).toEqual([]);
  });
});

describe('recovery of a part', () => {
  const final = async (system: System, demand: Demand = 'keys') => {
    const plan = toyPlan({ phases: { warmUp: SECOND, faults: SECOND, recovery: SECOND, demand } });
    const { events } = await runToy(plan, { system });
    return phases(events).find(([, value]) => (value as { name: string }).name === 'final')?.[1];
  };
  /** The toy, with clients that refuse what the function says, from the end of the faults on. */
  const refusing = (refuses: (host: string, f: string) => boolean, error = 'unavailable'): System => ({
    ...toy,
    client(host, setting) {
      const client = toy.client(host, setting);
      return {
        invoke: (request) =>
          host.clock.monotonic() > 2 * SECOND && refuses(host.name, request.f)
            ? Promise.resolve({ type: 'fail', error })
            : client.invoke(request),
      };
    },
  });

  it('is none if a kind of operation that is demanded is never served again', async () => {
    const readOnly = refusing((_, f) => f === 'write');
    expect(await final(readOnly, 'kinds')).toMatchObject({
      recovered: false,
      unserved: [],
      kinds: ['write'],
    });
    expect(await final(readOnly)).toMatchObject({ recovered: true });
  });

  it('is none if a client is never served again, where that is demanded', async () => {
    const partial = refusing((host) => host === 'c2');
    expect(await final(partial)).toMatchObject({ recovered: true });
    expect(await final(partial, 'clients')).toMatchObject({
      recovered: false,
      unserved: [],
      clients: ['c2'],
    });
  });

  it('is one if what is asked for is answered with a no', async () => {
    const refused = refusing((_, f) => f === 'cas');
    expect(await final(refused, 'kinds')).toMatchObject({ recovered: false, kinds: ['cas'] });
    const answered = refusing((_, f) => f === 'cas', 'cas-mismatch');
    expect(await final(answered, 'kinds')).toMatchObject({ recovered: true });
  });

  it('reads as far as it can, so that nothing is written over', async () => {
    const { events } = await runToy(toyPlan());
    const recovery = events.findIndex(
      (event) => isPhase(event) && (event.value as { name: string }).name === 'recovery',
    );
    const asked = operations(events.slice(recovery)).filter(({ type }) => type === 'invoke');
    expect(new Set(asked.map(({ f }) => f))).toEqual(new Set(['read']));
  });
});

describe('recovery of a workload', () => {
  const recovered = (events: readonly HistoryEvent[]) =>
    events.filter(isPhase).find(({ value }) => (value as { name: string }).name === 'final')!.value;

  const one = { keys: 1, readShare: 1, writeShare: 1, casShare: 1, valueMode: 'unique' } as const;

  it('is asked for by the clients that are left, if others are gone for good', async () => {
    const burning = {
      ...killing,
      name: 'burn',
      forGood: true,
      apply: ({ target }: ScheduledFault, { levers }: Scene) => {
        const { evidence } = levers.kill('hosts' in target ? target.hosts[0]! : '');
        return { heal() {}, evidence };
      },
    };
    const burnt = ['c1', 'c3'].map((host) => ({
      at: SECOND,
      fault: 'burn',
      target: { hosts: [host] },
      parameters: {},
    }));
    const { events } = await runToy(toyPlan({ schedule: burnt }), { nemeses: [burning] });
    const recovery = events
      .filter(isPhase)
      .find(({ value }) => (value as { name: string }).name === 'recovery')!;
    const asked = operations(events).filter(({ type, index }) => type === 'invoke' && index > recovery.index);
    expect(asked.length).toBeGreaterThan(2);
    expect(new Set(asked.map(({ process }) => Number(process) % 3))).toEqual(new Set([1]));
    expect(phases(events).at(-2)?.[1]).toMatchObject({ name: 'final', recovered: true });
  });

  it('that has come to its end is asked for by its final reads', async () => {
    const workload = {
      ...register,
      main: () => limit(5, register.main(one)),
      final: () => register.final(one),
    };
    const { events } = await runToy(toyPlan(), { workload });
    expect(recovered(events)).toMatchObject({ recovered: true, unserved: [] });
  });

  it('that leaves keys behind does not demand them', async () => {
    const reads = () => limit(3, repeat(once({ f: 'read', value: null })));
    const workload = { ...register, main: () => sequentialKeys((position) => `s${position}`, reads) };
    const { events } = await runToy(toyPlan(), { workload });
    expect(recovered(events)).toMatchObject({ recovered: true, unserved: [] });
  });
});

describe('a run that cannot be made is refused before it begins', () => {
  it.each([
    [
      'another system',
      toyPlan({ system: { name: 'raft', options: {}, flaws: [] } }),
      'plan: expected system raft, got toy',
    ],
    ['another workload', toyPlan({}, { name: 'bank' }), 'plan: expected workload bank, got register'],
    [
      'an unknown flaw',
      toyPlan({ system: { name: 'toy', options: {}, flaws: ['typo'] } }),
      'plan: expected a flaw of toy (dead-from-birth), got typo',
    ],
    [
      'an unknown fault',
      toyPlan({ schedule: [{ ...killOnce[0]!, fault: 'flood' }] }),
      'plan, fault 0: expected one of kill, got flood',
    ],
    [
      'too few clients',
      toyPlan({ topology: toyPlan({}, { clients: 2 }).topology }),
      'plan: expected at least 3 hosts of role client, got 2',
    ],
  ])('%s', async (_, plan, message) => {
    await expect(runToy(plan)).rejects.toThrow(message);
  });

  it('a lever that the world lacks', async () => {
    const run = runToy(toyPlan({ schedule: killOnce }), {
      world: async (plan, observe) => {
        const world = await simulated(plan, observe);
        Object.defineProperty(world.levers, 'supported', { value: new Set() });
        return world;
      },
    });
    await expect(run).rejects.toThrow(
      'plan, fault 0: kill needs the lever kill, which the simulator world does not have',
    );
  });
});

describe('a run that does not end', () => {
  it('is a hang, its history kept so far', async () => {
    const system: System = {
      ...toy,
      start(host) {
        const again = (): void => void host.after(0, again);
        host.after(SECOND, again);
      },
    };
    const limits = { ...toyPlan().limits, eventsPerInstant: 1000 };
    const settings = { ...toyPlan().world, cpuPerEvent: 0 };
    const { ending, end, events } = await runToy(toyPlan({ limits, world: settings }), { system });
    expect(end.why).toBe('events-in-an-instant');
    expect(ending).toEqual({ digest: end.digest, ended: 'hang' });
    expect(operations(events).length).toBeGreaterThan(0);
  });

  it('asks a system in vain for a flaw that it does not declare', async () => {
    const system: System = { ...toy, start: (_host, _role, setting) => void setting.flaw('typo') };
    const { events } = await runToy(toyPlan(), { system });
    expect(events.filter(isObservation).find(({ type }) => type === 'uncaught')).toMatchObject({
      host: 'n1',
      kind: 'RangeError',
      data: 'expected a flaw that toy declares (dead-from-birth), got typo',
    });
  });
});
