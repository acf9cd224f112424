import { type Checker, counter, kafka, setFull, totalQueue } from '../checkers/index.ts';
import type { History, Json, Operation } from '../histories/index.ts';
import type { Figure } from './measure.ts';

/** Operations of ten processes, a microsecond from event to event: each is invoked nine operations before it takes effect and completes. */
class Recorder {
  readonly events: Operation[] = [];
  private readonly open: (() => void)[] = [];
  private count = 0;

  /** `effect` gives the result once the operation takes effect. */
  operation(f: string, argument: Json, effect: () => Json): void {
    const process = this.count++ % 10;
    this.push({ process, f, type: 'invoke', value: argument });
    this.open.push(() => {
      this.push({ process, f, type: 'ok', value: effect() });
    });
    if (this.open.length === 10) this.open.shift()?.();
  }

  end(): void {
    for (const complete of this.open.splice(0)) complete();
  }

  private push(event: Omit<Operation, 'index' | 'time'>): void {
    this.events.push({ index: this.events.length, time: this.events.length * 1000, ...event });
  }

  history(): History {
    this.end();
    return { header: { sixways: 1, world: 'imported' }, events: this.events };
  }
}

/** Elements are added one after the other, and the whole set is read at even intervals. */
function setHistory(elements: number, reads: number): History {
  const recorder = new Recorder();
  const present: number[] = [];
  for (let element = 0; element < elements; element++) {
    recorder.operation('add', element, () => {
      present.push(element);
      return element;
    });
    if (element % Math.ceil(elements / reads) === 0) recorder.operation('read', null, () => present.slice());
  }
  recorder.operation('read', null, () => present.slice());
  return recorder.history();
}

/** Adds of -2 to 5 and reads, half and half. */
function counterHistory(operations: number): History {
  const recorder = new Recorder();
  let value = 0;
  for (let n = 0; n < operations; n++) {
    const delta = ((n * 7) % 8) - 2;
    if (n % 2 === 0) recorder.operation('read', null, () => value);
    else {
      recorder.operation('add', delta, () => {
        value += delta;
        return delta;
      });
    }
  }
  return recorder.history();
}

/** Enqueues and dequeues in turn, and a drain. */
function queueHistory(operations: number): History {
  const recorder = new Recorder();
  const queue: number[] = [];
  let head = 0;
  for (let n = 0; n < operations; n++) {
    if (n % 2 === 0) {
      recorder.operation('enqueue', n, () => {
        queue.push(n);
        return n;
      });
    } else recorder.operation('dequeue', null, () => (head < queue.length ? queue[head++]! : null));
  }
  recorder.end();
  recorder.operation('drain', null, () => queue.slice(head));
  return recorder.history();
}

/** Sends to ten logs and polls of one of them by each process, in turn. */
function logHistory(operations: number): History {
  const recorder = new Recorder();
  const logs = Array.from({ length: 10 }, (): number[] => []);
  const positions = new Array<number>(10).fill(0);
  for (let n = 0; n < operations; n++) {
    if (n % 2 === 0) {
      const key = Math.floor(n / 2) % 10;
      recorder.operation('send', [['send', key, n]], () => {
        logs[key]!.push(n);
        return [['send', key, [logs[key]!.length - 1, n]]];
      });
      continue;
    }
    const key = n % 10;
    recorder.operation('poll', [['poll']], () => {
      const from = positions[key]!;
      const got = logs[key]!.slice(from, from + 4).map((value, at) => [from + at, value]);
      positions[key] = from + got.length;
      return [['poll', { [key]: got }]];
    });
  }
  return recorder.history();
}

/** Seconds of CPU, the least of several rounds: neighbours on the machine only ever add to it. */
function cpuSeconds(rounds: number, run: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const from = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(from);
    least = Math.min(least, (user + system) / 1e6);
  }
  return least;
}

function mustBeValid({ validity, reason }: { readonly validity: string; readonly reason?: string }): void {
  if (validity !== 'valid') throw new Error(`expected valid, got ${validity} (${reason})`);
}

const MOST_EXPONENT = 1.15;

/** Seconds for a million operations, and the exponent of growth from ten thousand. */
function growth<Options>(
  checker: Checker<Options>,
  options: Options,
  what: string,
  history: (operations: number) => History,
): Figure[] {
  const secondsFor = (operations: number, rounds: number): number => {
    const input = history(operations);
    return cpuSeconds(rounds, () => mustBeValid(checker.check(input, options, {})));
  };
  const small = secondsFor(10_000, 30);
  const large = secondsFor(1_000_000, 3);
  return [
    { name: checker.name, what: `1 M operations: ${what}, CPU`, value: large, unit: 's' },
    {
      name: `${checker.name}, growth`,
      what: 'exponent from 10 k to 1 M operations',
      value: Math.log(large / small) / Math.log(100),
      unit: '',
      target: { atMost: MOST_EXPONENT },
    },
  ];
}

export async function structuresFigures(): Promise<Figure[]> {
  return [
    ...setFigures(),
    ...growth(counter, {}, 'adds of -2 to 5 and reads', counterHistory),
    ...growth(totalQueue, {}, 'enqueues and dequeues', queueHistory),
    ...growth(kafka, {}, 'sends and polls, ten logs', logHistory),
  ];
}

function setFigures(): Figure[] {
  const set = setHistory(100_000, 1000);
  return [
    {
      name: 'set-full',
      what: '100 k elements, 1,000 reads of all that is there, CPU',
      value: cpuSeconds(3, () => mustBeValid(setFull.check(set, {}, {}))),
      unit: 's',
      target: { atMost: 2 },
    },
    {
      name: 'set-full, linearizable',
      what: 'the same history, judged as linearizable, CPU',
      value: cpuSeconds(2, () => mustBeValid(setFull.check(set, { linearizable: true }, {}))),
      unit: 's',
    },
  ];
}
