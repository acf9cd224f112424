import type { Arbitrary } from 'fast-check';
import type { Json } from '../../histories/index.ts';
import type { Applied, Lever, Levers } from './levers.ts';
import type { ScheduledFault, Target } from './plan.ts';
import type { Random } from './random.ts';
import type { Nanos } from './time.ts';
import type { Topology } from './topology.ts';

/** What is known when a schedule is generated: nothing of the run. */
export interface Surroundings {
  readonly topology: Topology;
  /** Names of the hosts by role, `client` included, in the order of the topology. */
  readonly hosts: { readonly [role: string]: readonly string[] };
  /** Hosts that the fault may be aimed at: those of the tolerance row's roles; all server hosts otherwise. */
  readonly candidates: readonly string[];
  /** Length of the fault phase. */
  readonly duration: Nanos;
  /** Most hosts that may be hit by this one fault. */
  readonly most: number;
}

/** The forms of `Target`. */
export type TargetKind = 'hosts' | 'role' | 'switches' | 'cables' | 'racks' | 'datacenters' | 'none';

/** What a nemesis has in hand when its fault is applied. */
export interface Scene {
  readonly levers: Levers;
  readonly topology: Topology;
  readonly hosts: { readonly [role: string]: readonly string[] };
  /** All hosts, clients included. */
  readonly everyone: readonly string[];
  /** The host that leads now, as the system noted it last; undefined if nobody does. */
  leader(): string | undefined;
  /** Draws of this fault alone. */
  readonly random: Random;
}

/** One fault kind. Its file's header says what it may break and what must survive it. */
export interface Nemesis<
  Parameters extends { readonly [name: string]: Json } = { readonly [name: string]: Json },
> {
  readonly name: string;
  readonly summary: string;
  /** Levers it needs; a world without one refuses the plan. */
  readonly levers: readonly Lever[];
  /** Forms of target it understands; any if absent. */
  readonly targets?: readonly TargetKind[];
  /**
   * JSON schema (draft 2020-12) of the parameters, with defaults. Written so that a plan can be shrunk by it alone: a number is
   * the milder the nearer it is to 0 or, if 0 is not allowed, to its `minimum`; of an `enum`, the earlier value is the milder.
   * A property with `$comment: 'duration'` is in nanoseconds and may be written as `250ms` in a plan.
   */
  readonly parameters: { readonly [keyword: string]: Json };
  /** True if it happens at an instant (a jump, a flip): `for` is meaningless. */
  readonly momentary: boolean;
  /** True if healing does not undo it (a destroyed disk, a flipped bit on disk). */
  readonly lasting: boolean;
  /** True if the hosts that it hits, clients too, never come back, whatever heals. False if absent. */
  readonly forGood?: boolean;
  /** How long it lasts as a rule, shortest and longest; 50 ms to 5 s if absent. Generated schedules keep to it. */
  readonly lengths?: readonly [shortest: Nanos, longest: Nanos];
  /**
   * Kinds that make it felt on the same hosts, where it would mostly go unnoticed: who starts anew reads the whole disk. They are drawn with it where both
   * are allowed.
   */
  readonly revealedBy?: readonly string[];
  /** How often it is drawn, as a multiple of the others, a whole number; 1 if absent. More for what mostly meets nothing. */
  readonly weight?: number;
  /** False where these surroundings offer nothing to aim at (no cables, too few hosts): it is then not generated. True if absent. */
  applicable?(surroundings: Surroundings): boolean;
  /** Generates a target and parameters for these surroundings; values shrink towards the milder. */
  arbitrary(
    surroundings: Surroundings,
  ): Arbitrary<{ readonly target: Target; readonly parameters: Parameters }>;
  /**
   * Hosts that count against a tolerance budget while it is in force: names, or a number where they are resolved only at run time.
   * Client hosts are among them only where the fault is aimed at them by name; those that go down with their rack are not.
   */
  hits(fault: ScheduledFault, topology: Topology): readonly string[] | number;
  apply(
    fault: ScheduledFault & { readonly parameters: Parameters },
    scene: Scene,
  ): Applied | Promise<Applied>;
}
