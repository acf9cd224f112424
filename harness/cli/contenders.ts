import type { Contender } from '../compare/index.ts';
import { PRESETS, type Preset } from '../compare/index.ts';
import type { Json, System } from '../contract/index.ts';
import { systemOptions } from '../plan/index.ts';
import { registries } from './registries.ts';
import { labelOf, loadSystem, looksLikePath, resolveSystem } from './system/load-system.ts';
import { UsageError } from './usage-error.ts';

/** What every system of a comparison is asked. */
const OPERATIONS = ['read', 'write'];

/** An argument of `compare`, taken apart. */
interface Spec {
  readonly text: string;
  readonly label?: string;
  readonly name: string;
  readonly options: { readonly [name: string]: Json };
}

/** The presets among these arguments. */
export function presetsOf(names: readonly string[]): Preset[] {
  return PRESETS.filter(({ name }) => names.includes(name));
}

/**
 * The systems that the arguments name: presets by name, `system`, `system:{"mode":"asynchronous"}`, `system:mode=asynchronous,servers=5`, each perhaps with a
 * label before it, `fast=...`; a system by name or path.
 * @throws UsageError, PlanError naming the argument
 */
export async function contendersOf(names: readonly string[]): Promise<Contender[]> {
  const texts = names.flatMap((name) => PRESETS.find((preset) => preset.name === name)?.contenders ?? [name]);
  const contenders: Contender[] = [];
  for (const text of texts) {
    const contender = await contenderOf(specOf(text));
    if (contenders.some(({ label }) => label === contender.label)) {
      const message = `${text}: expected a label of its own, such as other=${text}, got a second ${JSON.stringify(contender.label)}`;
      throw new UsageError('same-label', message);
    }
    contenders.push(contender);
  }
  return contenders;
}

async function contenderOf({ text, label, name, options: given }: Spec): Promise<Contender> {
  if (!looksLikePath(name) && !registries.systems.some((system) => system.name === name)) {
    const presets = PRESETS.map((preset) => preset.name).join(', ');
    await resolveSystem(name, registries.systems).catch((error: Error) => {
      throw new UsageError('unknown-system', `${error.message}, or a preset (${presets})`);
    });
  }
  const reference = await resolveSystem(name, registries.systems);
  const system = await loadSystem(reference, registries.systems);
  requireOperations(text, system);
  const shown = Object.entries(given).map(
    ([option, value]) => `${option}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return {
    label: label ?? [labelOf(name), ...shown].join(' '),
    reference,
    system,
    options: systemOptions(system, given, text),
  };
}

function requireOperations(text: string, { operations }: System): void {
  if (OPERATIONS.every((f) => operations.includes(f))) return;
  throw new UsageError(
    'operations',
    `${text}: expected a system with the operations ${OPERATIONS.join(' and ')}, got one with ${operations.join(', ')}`,
  );
}

function specOf(text: string): Spec {
  const labelled = /^([^=:/{]+)=(.+)$/s.exec(text);
  const rest = labelled?.[2] ?? text;
  const [, name = rest, options] = /^(.*?)(?::(\{.*|[\w.-]+=.*))?$/s.exec(rest) ?? [];
  return {
    text,
    ...(labelled?.[1] !== undefined && { label: labelled[1].trim() }),
    name,
    options: options === undefined ? {} : optionsIn(text, options),
  };
}

function optionsIn(text: string, options: string): { readonly [name: string]: Json } {
  if (!options.startsWith('{'))
    return Object.fromEntries(options.split(',').map((pair) => pairIn(text, pair)));
  try {
    return JSON.parse(options) as { readonly [name: string]: Json };
  } catch (error) {
    throw new UsageError('options', `${text}: expected options as JSON: ${(error as Error).message}`);
  }
}

function pairIn(text: string, pair: string): [string, Json] {
  const at = pair.indexOf('=');
  if (at <= 0)
    throw new UsageError(
      'options',
      `${text}: expected options such as mode=asynchronous, got ${JSON.stringify(pair)}`,
    );
  const value = pair.slice(at + 1);
  try {
    return [pair.slice(0, at), JSON.parse(value) as Json];
  } catch {
    // Not quoted: a text.
    return [pair.slice(0, at), value];
  }
}
