import type { Nemesis } from '../harness/contract/index.ts';
import { clockStep } from './clock-step.ts';
import { crash } from './crash.ts';
import { kill } from './kill.ts';
import { packetLoss } from './packet-loss.ts';
import { partitionHalves } from './partition-halves.ts';
import { pauseProcess } from './pause-process.ts';

/** Every fault kind that comes with sixways, ordered by name. */
export const nemeses: readonly Nemesis[] = [
  clockStep,
  crash,
  kill,
  packetLoss,
  partitionHalves,
  pauseProcess,
];
