import { type Checker, listAppend, rwRegister } from '../checkers/index.ts';
import type { History } from '../histories/index.ts';
import type { Figure } from './measure.ts';
import { listHistory, registerTransactions } from './transaction-histories.ts';

const SIZES = [10_000, 100_000, 1_000_000];

/** Seconds at most, for a hundred thousand and a million transactions; bytes at most for a million. */
interface Targets {
  readonly seconds: readonly (number | undefined)[];
  readonly bytes: number;
}

const REGISTERS: readonly (readonly [model: string, targets: Targets])[] = [
  ['read-committed', { seconds: [0.5, 6], bytes: 3e9 }],
  ['read-atomic', { seconds: [0.5, 6], bytes: 3e9 }],
  ['causal', { seconds: [3, 60], bytes: 3e9 }],
  ['strict-serializable', { seconds: [], bytes: 3e9 }],
];

/** CPU time of whole checks, all valid, with the growth from ten thousand transactions to a million and the memory of the process at the end. */
export async function transactionFigures(): Promise<Figure[]> {
  const figures: Figure[] = [];
  const times = new Map<string, number[]>();
  for (const [nth, size] of SIZES.entries()) {
    let history: History | undefined = listHistory(size);
    const lists = '1 to 4 operations a transaction, 10 hot keys of 32 appends, 10 processes';
    measure('list-append', 'strict-serializable', lists, listAppend, history, {
      seconds: [0.8, 8],
      bytes: 2e9,
    });
    history = undefined;
    history = registerTransactions(size);
    const registers = '8 operations a transaction, 1000 keys, 50 processes';
    for (const [model, targets] of REGISTERS)
      measure('rw-register', model, registers, rwRegister, history, targets);

    function measure<Options extends { readonly model?: string }>(
      name: string,
      model: string,
      what: string,
      checker: Checker<Options>,
      input: History,
      { seconds, bytes }: Targets,
    ): void {
      const full = `${name}, ${model}`;
      const best = Math.min(
        ...Array.from({ length: size > 200_000 ? 1 : 4 }, () => cpuSeconds(checker, model, input)),
      );
      times.set(full, [...(times.get(full) ?? []), best]);
      const limit = nth === 0 ? undefined : seconds[nth - 1];
      figures.push({
        name: full,
        what: `${size} transactions, ${what}`,
        value: best,
        unit: 's',
        ...(limit !== undefined && { target: { atMost: limit } }),
      });
      if (nth + 1 < SIZES.length) return;
      const value = process.memoryUsage().rss;
      figures.push({
        name: `${full}, memory`,
        what: `${size} transactions, the history included`,
        value,
        unit: 'bytes',
        target: { atMost: bytes },
      });
    }
  }
  for (const [name, measured] of times) {
    figures.push({
      name: `${name}, growth`,
      what: `exponent of the time from ${SIZES[0]} to ${SIZES.at(-1)} transactions`,
      value: Math.log(measured.at(-1)! / measured[0]!) / Math.log(SIZES.at(-1)! / SIZES[0]!),
      unit: '',
      target: { atMost: 1.15 },
    });
  }
  return figures;
}

function cpuSeconds<Options extends { readonly model?: string }>(
  checker: Checker<Options>,
  model: string,
  history: History,
): number {
  const from = process.cpuUsage();
  const { validity, figures } = checker.check(history, { model } as Options, {});
  const { user, system } = process.cpuUsage(from);
  if (validity !== 'valid') throw new Error(`expected valid, got ${validity}: ${JSON.stringify(figures)}`);
  return (user + system) / 1e6;
}
