import type { History, Json, OperationPair } from '../../histories/index.ts';
import { Pace } from '../budget.ts';
import type { Anomaly, Budget, Checker, Verdict } from '../checker.ts';
import {
  REGISTER_OPTIONS,
  type Register,
  type RegisterOptions,
  registersOf,
} from '../registers/registers.ts';
import { pairsOf } from '../shared/pairs.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { explainCycle, explainImpossible, explainSearch } from './explanation.ts';
import { clockBytes, type ForcedOrder, forcedOrder } from './forced-order.ts';
import { NONE, type Program, programOf } from './program.ts';
import { search } from './search.ts';

export type SequentialOptions = RegisterOptions & {
  /** `whole` (default): one order for all keys. `key`: each key by itself, which is weaker: sequential consistency is not local. */
  readonly scope?: 'key' | 'whole';
};

const STEPS_DEFAULT = 20_000_000;
const MEMORY_BYTES_DEFAULT = 2 * 1024 ** 3;
const EXPLAINED_MAX = 8;

/**
 * Sequential consistency (Lamport 1979) of registers with read, write and cas: there is one order of all operations that keeps the order of each process, and in
 * which each read returns the last write of its key. Real time does not count.
 *
 * First the order is derived that all such orders must have; a cycle in it is a proof. Then an order is searched for, which decides. A step of the
 * budget is one operation placed; the bytes are those of the states that led nowhere.
 */
export const sequential: Checker<SequentialOptions> = {
  name: 'sequential',
  summary: 'one order of all operations, each process in its own, explains all reads: registers with cas',
  cost: 'O(n p) for p processes where the forced order decides; else exponential in p at worst, bounded by steps and memory',
  options: {
    type: 'object',
    properties: {
      ...REGISTER_OPTIONS,
      scope: {
        description: 'one order for all keys, or one for each',
        enum: ['key', 'whole'],
        default: 'whole',
      },
    },
    additionalProperties: false,
  },
  check: (history, options, budget) => check(history, options, budget),
};

function check(history: History, options: SequentialOptions, budget: Budget): Verdict {
  const { registers, figures, reason } = registersOf(history, options);
  const scope = options.scope ?? 'whole';
  if (reason !== undefined) return verdictOf(sequential.name, { anomalies: [], reason }, figures);
  const harmless = new Set(options.harmless ?? []);
  const pairs = pairsOf(history).filter(({ invocation }) => !harmless.has(invocation.f));
  const initial = options.initial ?? null;
  const programs =
    scope === 'whole' ? [programOf(pairs, registers, initial)] : programsByKey(pairs, registers, initial);
  const judge = new Judge(budget);
  for (const program of programs) judge.judge(program, scope === 'key' ? program.keys[0] : undefined);
  const { anomalies, decided, steps, states } = judge;
  const reads = programs.reduce((sum, program) => sum + readsIn(program), 0);
  const why = judge.reason ?? (reads === 0 ? 'nothing was read' : undefined);
  return verdictOf(
    sequential.name,
    { anomalies, ...(why !== undefined && { reason: why }) },
    { ...figures, scope, reads, steps, states, ...decided, failing: judge.failing },
  );
}

function programsByKey(
  pairs: readonly OperationPair[],
  registers: readonly Register[],
  initial: Json,
): Program[] {
  const own = new Map(registers.map(({ key }) => [key, [] as OperationPair[]]));
  for (const pair of pairs) own.get(pair.invocation.key)?.push(pair);
  return registers.map((register) => programOf(own.get(register.key)!, [register], initial));
}

function readsIn({ reads, optional }: Program): number {
  return reads.reduce((count, value, n) => (value === NONE || optional[n] === 1 ? count : count + 1), 0);
}

class Judge {
  readonly anomalies: Anomaly[] = [];
  readonly decided = { byForcedOrder: 0, bySearch: 0 };
  steps = 0;
  states = 0;
  failing = 0;
  reason: string | undefined;
  private readonly budget: Budget;
  private readonly pace: Pace;

  constructor(budget: Budget) {
    this.budget = budget;
    this.pace = new Pace(budget);
  }

  judge(program: Program, key: string | number | undefined): void {
    if (program.impossible.length > 0) {
      this.report(() => explainImpossible(program, program.impossible[0]!, key));
      return;
    }
    const memoryBytes = this.budget.memoryBytes ?? MEMORY_BYTES_DEFAULT;
    const forced: ForcedOrder =
      clockBytes(program) <= memoryBytes
        ? forcedOrder(program, this.pace)
        : { derivations: [], complete: false };
    if (forced.cycle !== undefined) {
      this.decided.byForcedOrder++;
      this.report(() => explainCycle(program, forced, key));
      return;
    }
    const stepsMax = this.budget.steps ?? STEPS_DEFAULT;
    const found = search(
      program,
      forced.derivations,
      { steps: Math.max(0, stepsMax - this.steps), memoryBytes },
      this.pace,
    );
    this.steps += found.steps;
    this.states += found.states;
    if (found.result === 'invalid') this.report(() => explainSearch(program, found, key));
    if (found.result === 'invalid' || found.result === 'valid') {
      this.decided.bySearch++;
      return;
    }
    const bound = {
      steps: `${stepsMax} steps`,
      memory: `${memoryBytes} bytes`,
      time: this.pace.bound,
    }[found.result];
    const on = key === undefined ? '' : ` on key ${JSON.stringify(key)}`;
    this.reason ??= `the bound of ${bound} was reached${on} after an order of ${Math.max(0, found.longest.placed)} operations`;
  }

  private report(explain: () => Anomaly): void {
    this.failing++;
    if (this.anomalies.length < EXPLAINED_MAX) this.anomalies.push(explain());
  }
}
