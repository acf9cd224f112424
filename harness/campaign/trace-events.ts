import {
  type HistoryEvent,
  isObservation,
  isOperation,
  type Json,
  type Operation,
} from '../../histories/index.ts';
import type { Plan } from '../contract/index.ts';
import { formatInstant, type TraceOptions } from '../simulator/index.ts';

/** Prints what stands in the history beside the story of the world: operations of clients, faults, phases. */
export function historyTracer(plan: Plan, options: TraceOptions): (event: HistoryEvent) => void {
  const { host, from = 0, to = Number.POSITIVE_INFINITY, events, line } = options;
  const clients = plan.topology.datacenters
    .flatMap(({ racks }) => racks.flatMap((rack) => rack.hosts))
    .flatMap(({ name, role }) => (role === 'client' ? [name] : []));
  return (event) => {
    if (events !== undefined || event.time < from || event.time > to) return;
    const told = tell(event, clients, plan.workload.clients);
    if (told === undefined) return;
    if (host !== undefined && told.hosts !== undefined && !told.hosts.includes(host)) return;
    line(`${formatInstant(event.time)}  ${told.text}`);
  };
}

function tell(event: HistoryEvent, clients: readonly string[], threads: number): Told | undefined {
  if (isOperation(event)) return tellOperation(event, clients[event.process % threads] ?? '');
  // What hosts say is told by the world, at once.
  if (isObservation(event)) return undefined;
  return event.process === 'controller'
    ? { text: `-- ${describePhase(event.value)}`, hosts: undefined }
    : tellFault(event.f, event.value);
}

interface Told {
  readonly text: string;
  /** Whom it concerns; everybody if undefined. */
  readonly hosts: readonly string[] | undefined;
}

function tellOperation(event: Operation, client: string): Told {
  const { type, f, key, value, error, process, index } = event;
  const on = key === undefined ? '' : ` ${key}`;
  const what = type === 'fail' || type === 'info' ? ` ${JSON.stringify(error)}` : '';
  const text = `${client}  ${type} ${f}${on} ${JSON.stringify(value)}${what}  (process ${process}, line ${index + 2})`;
  return { text, hosts: [client] };
}

function describePhase(value: Json): string {
  const { name, ...figures } = value as { readonly name: string };
  return `phase ${name} ${JSON.stringify(figures)}`;
}

function tellFault(kind: string, value: Json): Told | undefined {
  const { action, targets, parameters, evidence } = value as {
    readonly action: string;
    readonly targets: readonly string[];
    readonly parameters?: Json;
    readonly evidence?: Json;
  };
  // What it came to in the end stands in the report.
  if (action === 'evidence') return undefined;
  const done = action === 'apply' ? 'begins' : 'is healed';
  const more = JSON.stringify(parameters ?? evidence ?? {});
  const text = `-- ${kind} ${done}${targets.length > 0 ? ` on ${targets.join(', ')}` : ''} ${more}`;
  // Targets may be switches or racks, that say nothing of the hosts behind them.
  return { text, hosts: undefined };
}
