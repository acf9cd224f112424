import { HistoryError } from './error.ts';
import type { HistoryFooter, HistoryHeader } from './history.ts';
import { DEPTH_MAX, jsonFault } from './json-value.ts';
import type { HistoryEvent, Json, NemesisOperation, Observation, Operation } from './operation.ts';

/*
 * JSON text with a fixed order of the fields of an event, so that the same history gives the same bytes whoever built
 * its objects. Unlike `JSON.stringify` it refuses what JSON cannot carry instead of writing `null`, and keeps -0.
 */

const words = new Map<string, string>();

/** Text as JSON. Short ones recur (names of operations, hosts, kinds): they are kept. */
function quote(value: string): string {
  if (value.length > 24) return JSON.stringify(value);
  let quoted = words.get(value);
  if (quoted === undefined) {
    quoted = JSON.stringify(value);
    if (words.size >= 4096) words.clear();
    words.set(value, quoted);
  }
  return quoted;
}

/** Thrown without a place; `eventText` then looks for it, so that no pointers are built on the way of all that is well. */
class NotJson extends Error {}

function jsonText(value: Json | undefined, depth = 0): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
      if (!Number.isFinite(value)) throw new NotJson();
      return value === 0 && Object.is(value, -0) ? '-0' : `${value}`;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (depth >= DEPTH_MAX) throw new NotJson();
      return Array.isArray(value) ? arrayText(value, depth + 1) : objectText(value as Properties, depth + 1);
    default:
      throw new NotJson();
  }
}

type Properties = { readonly [key: string]: Json | undefined };

function arrayText(items: readonly Json[], depth: number): string {
  let text = '[';
  for (let at = 0; at < items.length; at++)
    text += at > 0 ? `,${jsonText(items[at], depth)}` : jsonText(items[at], depth);
  return `${text}]`;
}

function objectText(object: Properties, depth: number): string {
  let text = '{';
  for (const name of Object.keys(object)) {
    const value = object[name];
    if (value === undefined) continue;
    const property = `${quote(name)}:${jsonText(value, depth)}`;
    text += text.length > 1 ? `,${property}` : property;
  }
  return `${text}}`;
}

/**
 * One event of the right form as a line, without its end. Properties that are `undefined` are left out. Cost: linear in
 * the size of its value.
 * @throws HistoryError `not-finite` or `wrong-type` with the pointer, for a value that JSON cannot carry.
 */
export function eventText(event: HistoryEvent): string {
  return located(event, () => ('host' in event ? observationText(event) : operationText(event)));
}

function observationText({ index, time, type, host, kind, data }: Observation): string {
  return `{"index":${index},"time":${time},"type":"${type}","host":${quote(host)},"kind":${quote(kind)},"data":${jsonText(data)}}`;
}

function operationText(event: Operation | NemesisOperation): string {
  const { index, time, process, type, f, value } = event;
  const by = typeof process === 'number' ? process : quote(process);
  let text = `{"index":${index},"time":${time},"process":${by},"type":"${type}","f":${quote(f)}`;
  if (typeof process !== 'number') return `${text},"value":${jsonText(value)}}`;
  const { key, error, id, node, phase } = event as Operation;
  if (key !== undefined) text += `,"key":${jsonText(key)}`;
  text += `,"value":${jsonText(value)}`;
  if (error !== undefined) text += `,"error":${jsonText(error)}`;
  if (id !== undefined) text += `,"id":[${id[0]},${id[1]}]`;
  if (node !== undefined) text += `,"node":${quote(node)}`;
  if (phase !== undefined) text += `,"phase":${quote(phase)}`;
  return `${text}}`;
}

/** The header as a line without its end, the format version first. @throws HistoryError as `eventText`. */
export function headerText(header: HistoryHeader): string {
  const { sixways, world, ...rest } = header;
  return located(header, () => objectText({ sixways, world, ...(rest as Properties) }, 0));
}

/** The footer as a line without its end. @throws HistoryError as `eventText`. */
export function footerText(footer: HistoryFooter): string {
  const { events, digest, content, verdict, ended, harness } = footer;
  const load = harness && { busy: harness.busy, cpu: harness.cpu, lag: { ...harness.lag } };
  return located(footer, () => objectText({ events, digest, content, verdict, ended, harness: load }, 0));
}

function located(whole: object, text: () => string): string {
  try {
    return text();
  } catch (error) {
    const fault = error instanceof NotJson ? jsonFault(whole, '') : undefined;
    if (fault === undefined) throw error;
    throw new HistoryError(fault.code, fault.message, { pointer: fault.pointer });
  }
}
