import { baseline } from './baseline.ts';

export interface Figure {
  readonly name: string;
  /** What is counted, and under which conditions. */
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** Figure over the baseline of the same moment, where it is a rate. */
  readonly ratio?: number;
  readonly target?: { readonly atLeast?: number; readonly atMost?: number };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** Runs it several times and takes the median of the rates, with the baseline taken between the runs. */
export async function rate(
  name: string,
  what: string,
  unit: string,
  rounds: number,
  run: () => Promise<number>,
  target?: Figure['target'],
): Promise<Figure> {
  const rates: number[] = [];
  const baselines: number[] = [];
  await run();
  for (let round = 0; round < rounds; round++) {
    baselines.push(baseline());
    const started = performance.now();
    const count = await run();
    rates.push(count / ((performance.now() - started) / 1000));
  }
  const value = median(rates);
  return { name, what, value, unit, ratio: value / median(baselines), ...(target && { target }) };
}

/** Runs it several times and takes the median of the seconds. */
export async function duration(
  name: string,
  what: string,
  rounds: number,
  run: () => Promise<void> | void,
  target?: Figure['target'],
): Promise<Figure> {
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    await run();
    seconds.push((performance.now() - started) / 1000);
  }
  return { name, what, value: median(seconds), unit: 's', ...(target && { target }) };
}

export function met({ value, target }: Figure): boolean | undefined {
  if (target?.atLeast === undefined && target?.atMost === undefined) return undefined;
  return (
    value >= (target.atLeast ?? Number.NEGATIVE_INFINITY) &&
    value <= (target.atMost ?? Number.POSITIVE_INFINITY)
  );
}

export function describe(figure: Figure): string {
  const { name, what, value, unit, ratio, target } = figure;
  const shown =
    value >= 1e6
      ? `${(value / 1e6).toFixed(2)} M`
      : value >= 1e4
        ? `${(value / 1e3).toFixed(0)} k`
        : value.toPrecision(3);
  const goal =
    met(figure) === undefined || target === undefined
      ? ''
      : target.atLeast !== undefined
        ? `at least ${target.atLeast}`
        : `at most ${target.atMost}`;
  const verdict = met(figure) === undefined ? '' : met(figure) ? 'met' : 'MISSED';
  return `| ${name} | ${what} | ${shown} ${unit} | ${ratio === undefined ? '' : ratio.toFixed(3)} | ${goal} | ${verdict} |`;
}
