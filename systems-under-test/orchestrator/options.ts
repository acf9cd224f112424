import { type Json, MILLISECOND, type Nanos } from '../../harness/contract/index.ts';
import { hash32 } from '../shared/hash.ts';
import { count, duration } from '../shared/options.ts';
import type { Key } from '../shared/value-table.ts';

export type OrchestratorOptions = {
  /** Services of which one instance runs at a time. */
  readonly services: number;
  /** Machines that run instances. */
  readonly agents: number;
  /** Servers of the control plane. */
  readonly controllers: number;
  /** Machines that keep the services' data. */
  readonly resources: number;
  /** How long an agent may run its instances after a heartbeat that was answered. */
  readonly lease: Nanos;
  /** `fenced`: an instance asks its resource, which looks at the token; `leased`: it answers from memory while its lease lasts. */
  readonly reads: 'fenced' | 'leased';
};

export const optionsSchema: { readonly [keyword: string]: Json } = {
  type: 'object',
  additionalProperties: false,
  properties: {
    services: count(3, 1, 100, 'services of which one instance runs at a time'),
    agents: count(4, 1, 100, 'machines that run instances'),
    controllers: count(3, 1, 100, 'servers of the control plane'),
    resources: count(1, 1, 100, "machines that keep the services' data"),
    lease: duration(
      400 * MILLISECOND,
      'how long an agent may run its instances after a heartbeat that was answered',
    ),
    reads: {
      enum: ['fenced', 'leased'],
      default: 'fenced',
      description: 'whether a read asks the resource, or is answered from memory while the lease lasts',
    },
  },
};

/** Between two heartbeats of an agent. */
export const HEARTBEAT: Nanos = 100 * MILLISECOND;
/** Beyond the lease: an agent that was silent for longer has stopped its instances. */
export const MARGIN: Nanos = 100 * MILLISECOND;

export function servicesOf({ services }: OrchestratorOptions): string[] {
  return Array.from({ length: services }, (_, nth) => `service-${nth + 1}`);
}

/** The service that a key belongs to. */
export function serviceOf(options: OrchestratorOptions, key: Key): string {
  return `service-${1 + (hash32(String(key)) % options.services)}`;
}

/** The machine that keeps the data of a service. */
export function resourceOf(service: string, resources: readonly string[]): string {
  return resources[hash32(service) % resources.length]!;
}
