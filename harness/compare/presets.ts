/** A comparison by name: which systems, under which profiles, and what is not as by default. */
export interface Preset {
  readonly name: string;
  readonly summary: string;
  /** As on the command line: `label=system:options`. */
  readonly contenders: readonly string[];
  readonly profiles: readonly string[];
}

const replication: readonly string[] = [
  'single server=single-server',
  'async=primary-backup:mode=asynchronous',
  'semi-sync=primary-backup:mode=semi-synchronous',
  'sync=primary-backup:mode=synchronous',
  'chain=chain:servers=3',
  'raft=raft:servers=3',
];

export const PRESETS: readonly Preset[] = [
  {
    name: 'replication',
    summary: 'strategies of replication: what each keeps, loses and costs',
    contenders: replication,
    profiles: ['none', 'crash', 'partition', 'pause'],
  },
  {
    name: 'cap',
    summary: 'what each gives up while the network is partitioned',
    contenders: replication,
    profiles: ['partition'],
  },
];
