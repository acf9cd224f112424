import type { Workload } from '../../contract/index.ts';
import { bank } from './bank.ts';
import { causalRegister } from './causal-register.ts';
import { causalReverse } from './causal-reverse.ts';
import { counter, pnCounter } from './counter.ts';
import { election } from './election.ts';
import { g2 } from './g2.ts';
import { kafka } from './kafka.ts';
import { listAppend } from './list-append.ts';
import { lock } from './lock.ts';
import { longFork } from './long-fork.ts';
import { messages } from './messages.ts';
import { monotonic } from './monotonic.ts';
import { prompts } from './prompts.ts';
import { queue } from './queue.ts';
import { register } from './register.ts';
import { crdtCounter, crdtSet } from './replicated.ts';
import { requests } from './requests.ts';
import { rwRegister } from './rw-register.ts';
import { set } from './set.ts';
import { siblings } from './siblings.ts';
import { stack } from './stack.ts';
import { uniqueIds } from './unique-ids.ts';

/** The workloads that come with sixways: one file a family, one line here. */
export const workloads: readonly Workload[] = [
  register,
  causalRegister,
  requests,
  siblings,
  messages,
  prompts,
  monotonic,
  listAppend,
  set,
  counter,
  pnCounter,
  crdtSet,
  crdtCounter,
  queue,
  stack,
  uniqueIds,
  kafka,
  lock,
  election,
  rwRegister,
  bank,
  longFork,
  causalReverse,
  g2,
];
