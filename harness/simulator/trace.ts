import { formatDuration, type Nanos } from '../contract/index.ts';
import { EVENT_NAMES } from './kernel.ts';
import { CATEGORY_NAMES } from './packet.ts';
import type { Simulator } from './simulator.ts';

/** Which part of a run is printed, and where to. Times in nanoseconds; everything if absent. */
export interface TraceOptions {
  readonly host?: string;
  readonly from?: Nanos;
  readonly to?: Nanos;
  /** Also one line per event of the queue, with its number: what two runs are compared by. */
  readonly events?: { readonly first: number; readonly last: number };
  line(text: string): void;
}

const MESSAGE_LENGTH = 200;

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length <= MESSAGE_LENGTH
    ? text
    : `${text.slice(0, MESSAGE_LENGTH)}... (${text.length} characters)`;
}

/** Prints messages with their fate, and events. Purely observing: the digest of a traced run is that of an untraced one. */
export function traceInto(simulator: Simulator, options: TraceOptions): void {
  const { kernel, fabric, machines } = simulator;
  const from = options.from ?? 0;
  const to = options.to ?? Number.POSITIVE_INFINITY;
  const wanted = (...hosts: readonly string[]): boolean =>
    kernel.now >= from && kernel.now <= to && (options.host === undefined || hosts.includes(options.host));
  const say = (text: string): void => options.line(`${formatDuration(kernel.now).padStart(10)}  ${text}`);

  fabric.onFate = (packet, fate) => {
    const source = fabric.nameOf(packet.from);
    const destination = fabric.nameOf(packet.to);
    if (!wanted(source, destination)) return;
    const kind = CATEGORY_NAMES[packet.category]!;
    const travelled = fate === 'delivered' ? ` after ${formatDuration(kernel.now - packet.sentAt)}` : '';
    say(`${source} -> ${destination}  ${kind} ${fate}${travelled}  ${shorten(packet.message)}`);
  };
  kernel.trace = (number, time, code, subject, content) => {
    const host = machines[subject]!.name;
    const { events } = options;
    if (events !== undefined) {
      if (number >= events.first && number <= events.last) {
        options.line(`#${number} ${time} ns  ${EVENT_NAMES[code]} ${code === 0 ? '' : host} ${content}`);
      }
      return;
    }
    // Packets tell their own story; the CPU's bookkeeping interests nobody.
    if (EVENT_NAMES[code] === 'packet' || EVENT_NAMES[code] === 'cpu' || code === 0) return;
    if (wanted(host)) say(`${host}  ${EVENT_NAMES[code]}`);
  };
}
