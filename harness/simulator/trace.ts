import { formatDuration, type Nanos } from '../contract/index.ts';
import { EVENT_NAMES } from './kernel.ts';
import { CATEGORY_NAMES } from './packet.ts';
import type { Simulator } from './simulator.ts';

/** Which part of a run is printed, and where to. Times in nanoseconds; everything if absent. */
export interface TraceOptions {
  readonly host?: string;
  readonly from?: Nanos;
  readonly to?: Nanos;
  /** Instead of the story, one line per event of the queue, with its number: what two runs are compared by. */
  readonly events?: { readonly first: number; readonly last: number };
  line(text: string): void;
}

const TEXT_LENGTH = 200;

/** `   1.203000s`: microseconds, so that columns stay where they are. */
export function formatInstant(time: Nanos): string {
  return `${(time / 1e9).toFixed(6)}s`.padStart(11);
}

function shorten(text: string): string {
  return text.length <= TEXT_LENGTH ? text : `${text.slice(0, TEXT_LENGTH)}... (${text.length} characters)`;
}

/** Prints what happens, as text. Purely observing: the digest of a traced run is that of an untraced one. */
export function traceInto(simulator: Simulator, options: TraceOptions): void {
  if (options.events === undefined) tellStory(simulator, options);
  else numberEvents(simulator, options.events, options);
}

/** Messages with their fate; what machines do: disk operations, timers, notes, deaths, pauses. */
function tellStory({ kernel, fabric, machines }: Simulator, options: TraceOptions): void {
  const { host, from = 0, to = Number.POSITIVE_INFINITY } = options;
  const say = (text: string): void => {
    if (kernel.now >= from && kernel.now <= to) options.line(`${formatInstant(kernel.now)}  ${text}`);
  };
  fabric.onFate = (packet, fate) => {
    const source = fabric.nameOf(packet.from);
    const destination = fabric.nameOf(packet.to);
    if (host !== undefined && host !== source && host !== destination) return;
    const kind = CATEGORY_NAMES[packet.category]!;
    const travelled = fate === 'delivered' ? ` after ${formatDuration(kernel.now - packet.sentAt)}` : '';
    const message = shorten(packet.text());
    say(`${source} -> ${destination}  ${kind} ${fate}${travelled}  ${message}`);
  };
  for (const machine of machines) {
    if (host !== undefined && host !== machine.name) continue;
    machine.tell = (text) => say(`${machine.name}  ${shorten(text)}`);
  }
}

function numberEvents(
  { kernel, machines }: Simulator,
  { first, last }: { readonly first: number; readonly last: number },
  { line }: TraceOptions,
): void {
  kernel.trace = (number, time, code, subject, content) => {
    if (number < first || number > last) return;
    const host = code === 0 ? '' : machines[subject]!.name;
    line(`#${number} ${time} ns  ${EVENT_NAMES[code]} ${host} ${content}`);
  };
}
