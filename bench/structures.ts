import { setFull } from '../checkers/index.ts';
import type { History, Json, Operation } from '../histories/index.ts';
import type { Figure } from './measure.ts';

/** Writes down operations that do not overlap, a microsecond apart. */
class Recorder {
  readonly events: Operation[] = [];

  operation(f: string, argument: Json, result: Json): void {
    const common = { process: this.events.length % 10, f };
    this.push({ ...common, type: 'invoke', value: argument });
    this.push({ ...common, process: common.process, type: 'ok', value: result });
  }

  private push(event: Omit<Operation, 'index' | 'time'>): void {
    this.events.push({ index: this.events.length, time: this.events.length * 1000, ...event });
  }

  history(): History {
    return { header: { sixways: 1, world: 'imported' }, events: this.events };
  }
}

/** Elements are added one after the other, and the whole set is read at even intervals. */
function setHistory(elements: number, reads: number): History {
  const recorder = new Recorder();
  const present: number[] = [];
  for (let element = 0; element < elements; element++) {
    present.push(element);
    recorder.operation('add', element, element);
    if (element % Math.ceil(elements / reads) === 0 || element === elements - 1) {
      recorder.operation('read', null, present.slice());
    }
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

export async function structuresFigures(): Promise<Figure[]> {
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
