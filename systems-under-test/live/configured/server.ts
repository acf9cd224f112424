import { type Host, type Machine, machineOf, type Setting } from '../../../harness/contract/index.ts';
import { answers } from '../shared/answers.ts';
import type { Configuration } from './configuration.ts';
import { filled, type Values } from './placeholders.ts';

/** Starts the user's command on one host, and waits until it is ready. Files are written once: what the server makes of them survives its restarts. */
export async function startServer(
  host: Host,
  { hosts }: Setting,
  configuration: Configuration,
): Promise<void> {
  const machine = machineOf(host);
  const servers = hosts.server!;
  const { ready, leader, user, ...common } = configuration;
  const own = host.name === servers[0] ? configuration.first : {};
  const values = placeholdersOf(machine, host.name, servers, configuration);
  if (host.incarnation === 1)
    for (const [name, text] of Object.entries({ ...common.files, ...own.files }))
      machine.writeFile(name, filled(typeof text === 'string' ? text : `${text.join('\n')}\n`, values));
  const environment = Object.entries({ ...common.environment, ...own.environment });
  const server = machine.spawn(
    configuration.name,
    (own.command ?? common.command).map((word) => filled(word, values)),
    {
      ...(user !== undefined && { user }),
      environment: Object.fromEntries(environment.map(([name, text]) => [name, filled(text, values)])),
    },
  );
  if (leader !== undefined) {
    const leads = new RegExp(leader);
    server.onLine((line) => {
      if (leads.test(line)) host.note('leader', null);
    });
  }
  if (ready.line !== undefined) await server.line(new RegExp(ready.line), ready.within);
  if (ready.answers !== undefined)
    await Promise.race([answers(machine, filled(ready.answers, values), ready.within), server.gone()]);
}

function placeholdersOf(
  machine: Machine,
  name: string,
  servers: readonly string[],
  { lists, here }: Pick<Configuration, 'lists' | 'here'>,
): Values {
  const addresses = servers.map((server) => machine.addressOf(server));
  const of = (server: string): Values => ({
    name: server,
    address: machine.addressOf(server),
    number: String(servers.indexOf(server) + 1),
    first: addresses[0]!,
    servers: addresses.join(','),
    others: addresses.filter((address) => address !== machine.addressOf(server)).join(','),
  });
  const joined = Object.entries(lists).map(([list, { each, join }]): [string, string] => [
    list,
    servers.map((server) => filled(each, of(server))).join(join),
  ]);
  return { ...Object.fromEntries(joined), ...of(name), folder: machine.folder, here };
}
