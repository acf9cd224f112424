import {
  assertions,
  availability,
  type Checker,
  cacheHitRate,
  causal,
  corruption,
  counter,
  durability,
  evidence,
  goodput,
  keyMovement,
  linearizable,
  listAppend,
  loadBalance,
  pram,
  rwRegister,
  sequential,
  sessionGuarantees,
  set,
  setFull,
  sla,
  staleness,
  stats,
  totalQueue,
} from '../../checkers/index.ts';
import { nemeses } from '../../nemeses/index.ts';
import { systems } from '../../systems-under-test/index.ts';
import type { Registries } from '../campaign/index.ts';
import { workloads } from '../workload/index.ts';

const checkers: readonly Checker<never>[] = [
  linearizable,
  listAppend,
  set,
  setFull,
  counter,
  totalQueue,
  rwRegister,
  durability,
  corruption,
  staleness,
  sequential,
  sessionGuarantees,
  pram,
  causal,
  assertions,
  availability,
  sla,
  goodput,
  loadBalance,
  keyMovement,
  cacheHitRate,
  stats,
  evidence,
];

/** Everything that is known by name: one line for each new system, nemesis, checker or workload. */
export const registries: Registries = { systems, nemeses, workloads, checkers };
