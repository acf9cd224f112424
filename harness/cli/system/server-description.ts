import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type Configuration,
  OF_OPERATIONS,
  OF_SERVERS,
  placeholdersIn,
  serverSchema,
} from '../../../systems-under-test/live/configured/index.ts';
import type { Json } from '../../contract/index.ts';
import { conform, inNanoseconds, oneOf, PlanError } from '../../plan/index.ts';
import { registries } from '../registries.ts';
import { UsageError } from '../usage-error.ts';

/**
 * What a file says of a server. `folder`: what it names is looked for there.
 * @throws UsageError naming the file, and in it the place, the expectation and the value.
 */
export function describedServer(name: string, text: string, folder: string): Configuration {
  try {
    return { ...readServer(text, folder), here: folder };
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    const { pointer, expected, found } = error;
    throw new UsageError(
      error.code,
      `${name}: ${pointer === '' ? '' : `${pointer}: `}expected ${expected}, found ${found}`,
    );
  }
}

/** @throws PlanError */
function readServer(text: string, folder: string): Omit<Configuration, 'here'> {
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch (error) {
    throw new PlanError('not-json', '', 'JSON', (error as Error).message);
  }
  const configuration = conform<Omit<Configuration, 'here'>>(
    serverSchema,
    inNanoseconds(serverSchema, json, ''),
    '',
  );
  const { client, ready, leader, workload, checkers, tolerates, first, lists } = configuration;
  const ofServers = [...OF_SERVERS, ...Object.keys(lists)];
  for (const part of ['command', 'files', 'environment'] as const) {
    known(configuration[part], `/${part}`, ofServers);
    known(first[part] ?? null, `/first/${part}`, ofServers);
  }
  known(ready.answers ?? null, '/ready/answers', ofServers);
  for (const list of Object.keys(lists)) known(lists[list]!.each, `/lists/${list}/each`, OF_SERVERS);
  known((client.http ?? null) as Json, '/client/http', OF_OPERATIONS);
  known((client.resp?.commands ?? null) as Json, '/client/resp/commands', OF_OPERATIONS);
  pattern(ready.line, '/ready/line');
  pattern(leader, '/leader');
  const { module } = client;
  if (module !== undefined && !existsSync(resolve(folder, module)))
    throw new PlanError('no-such-file', '/client/module', 'a file with a client', module);
  if (module === undefined && workload === undefined) writes(client);
  if (workload !== undefined) registered(workload.name, '/workload/name', registries.workloads);
  for (const [nth, { name }] of (checkers ?? []).entries())
    registered(name, `/checkers/${nth}/name`, registries.checkers);
  for (const [nth, name] of (tolerates ?? []).entries())
    if (name !== 'partition') registered(name, `/tolerates/${nth}`, registries.nemeses);
  return configuration;
}

/** All texts within, with placeholders that exist. */
function known(value: Json, pointer: string, names: readonly string[]): void {
  if (typeof value === 'string') {
    const strange = placeholdersIn(value).find((name) => !names.includes(name));
    if (strange === undefined) return;
    const expected = `placeholders out of ${names.map((name) => `\${${name}}`).join(', ')} (write $\${...} for one that is not ours)`;
    throw new PlanError('unknown-name', pointer, expected, `\${${strange}}`);
  }
  if (value !== null && typeof value === 'object')
    for (const [name, inner] of Object.entries(value)) known(inner as Json, `${pointer}/${name}`, names);
}

/** Clients that only read find nothing. */
function writes({ http, resp }: Configuration['client']): void {
  const operations = Object.keys(http ?? resp!.commands);
  if (operations.includes('write') || operations.includes('add')) return;
  const place = http === undefined ? '/client/resp/commands' : '/client/http';
  throw new PlanError('operations', place, 'write or add beside read', operations);
}

function pattern(text: string | undefined, pointer: string): void {
  if (text === undefined) return;
  try {
    new RegExp(text);
  } catch {
    throw new PlanError('schema', pointer, 'a regular expression', text);
  }
}

function registered(name: string, pointer: string, items: readonly { readonly name: string }[]): void {
  const names = items.map((item) => item.name);
  if (!names.includes(name)) throw new PlanError('unknown-name', pointer, oneOf(names, name), name);
}
