import type { Nemesis } from '../harness/contract/index.ts';
import { badSector } from './bad-sector.ts';
import { cableCut } from './cable-cut.ts';
import { clockDrift } from './clock-drift.ts';
import { clockStep } from './clock-step.ts';
import { clusterSwitchesDown } from './cluster-switches-down.ts';
import { crash } from './crash.ts';
import { dataCentreFire } from './data-centre-fire.ts';
import { diskBitFlip } from './disk-bit-flip.ts';
import { diskDestroyed } from './disk-destroyed.ts';
import { diskFull } from './disk-full.ts';
import { diskSlow } from './disk-slow.ts';
import { freezeMachine } from './freeze-machine.ts';
import { kill } from './kill.ts';
import { lostWrites } from './lost-writes.ts';
import { memoryBitFlip } from './memory-bit-flip.ts';
import { overload } from './overload.ts';
import { packetDelay } from './packet-delay.ts';
import { packetDuplicate } from './packet-duplicate.ts';
import { packetLoss } from './packet-loss.ts';
import { packetReorder } from './packet-reorder.ts';
import { partitionBridge } from './partition-bridge.ts';
import { partitionHalves } from './partition-halves.ts';
import { partitionMajoritiesRing } from './partition-majorities-ring.ts';
import { partitionOne } from './partition-one.ts';
import { partitionOneWay } from './partition-one-way.ts';
import { partitionPrimary } from './partition-primary.ts';
import { pauseProcess } from './pause-process.ts';
import { powerLoss } from './power-loss.ts';
import { rackCutOff } from './rack-cut-off.ts';
import { replyLoss } from './reply-loss.ts';
import { requestLoss } from './request-loss.ts';
import { restart } from './restart.ts';
import { slowHost } from './slow-host.ts';
import { switchDown } from './switch-down.ts';
import { syncFailure } from './sync-failure.ts';
import { tornWrites } from './torn-writes.ts';
import { upgrade } from './upgrade.ts';
import { wireBitFlip } from './wire-bit-flip.ts';
import { wrongConfiguration } from './wrong-configuration.ts';
import { wrongDeletion } from './wrong-deletion.ts';

/** Every fault kind that comes with sixways, ordered by name. */
export const nemeses: readonly Nemesis[] = [
  badSector,
  cableCut,
  clockDrift,
  clockStep,
  clusterSwitchesDown,
  crash,
  dataCentreFire,
  diskBitFlip,
  diskDestroyed,
  diskFull,
  diskSlow,
  freezeMachine,
  kill,
  lostWrites,
  memoryBitFlip,
  overload,
  packetDelay,
  packetDuplicate,
  packetLoss,
  packetReorder,
  partitionBridge,
  partitionHalves,
  partitionMajoritiesRing,
  partitionOne,
  partitionOneWay,
  partitionPrimary,
  pauseProcess,
  powerLoss,
  rackCutOff,
  replyLoss,
  requestLoss,
  restart,
  slowHost,
  switchDown,
  syncFailure,
  tornWrites,
  upgrade,
  wireBitFlip,
  wrongConfiguration,
  wrongDeletion,
];
