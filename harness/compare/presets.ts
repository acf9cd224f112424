/** A comparison by name: which systems, under which profiles, and what is not as by default. */
export interface Preset {
  readonly name: string;
  readonly summary: string;
  /** As on the command line: `label=system:options`. */
  readonly contenders: readonly string[];
  readonly profiles: readonly string[];
}

const SINGLE = 'single server=single-server';
const ASYNCHRONOUS = 'async=primary-backup:mode=asynchronous';
const SYNCHRONOUS = 'sync=primary-backup:mode=synchronous';
const CHAIN = 'chain=chain:servers=3';
const RAFT = 'raft=raft:servers=3';
const CRDT = 'crdt=crdt:replicas=3,type=register';
const LAST_WRITE_WINS = 'quorum:servers=3,quorum=strict,resolution=last-write-wins';

/** Four front ends of which one is half as fast, 20 ms of work for each request. */
function balancedBy(balancer: string): string {
  const options = {
    balancer,
    balancers: 1,
    frontEnds: 4,
    frontEndsMost: 4,
    speeds: [1, 1, 1, 0.5],
    work: '20ms',
  };
  return `${balancer}=web-tier:${JSON.stringify(options)}`;
}

export const PRESETS: readonly Preset[] = [
  {
    name: 'replication',
    summary: 'strategies of replication on three copies: what each keeps, loses and costs',
    contenders: [
      SINGLE,
      ASYNCHRONOUS,
      'semi-sync=primary-backup:mode=semi-synchronous',
      SYNCHRONOUS,
      CHAIN,
      RAFT,
      'read replicas=read-replicas:replicas=2',
      `quorum 1+1=${LAST_WRITE_WINS},r=1,w=1`,
      `quorum 2+2=${LAST_WRITE_WINS},r=2,w=2`,
      CRDT,
    ],
    profiles: ['none', 'crash', 'partition'],
  },
  {
    name: 'cap',
    summary: 'what each gives up while the network is partitioned: consistency, or answers',
    contenders: [
      SINGLE,
      ASYNCHRONOUS,
      SYNCHRONOUS,
      CHAIN,
      RAFT,
      `quorum 2+2=${LAST_WRITE_WINS},r=2,w=2`,
      `quorum 1+1=${LAST_WRITE_WINS},r=1,w=1`,
      'sloppy quorum=quorum:servers=3,resolution=last-write-wins',
      CRDT,
    ],
    profiles: ['partition'],
  },
  {
    name: 'clocks',
    summary: 'what relies on wall clocks, and what does not',
    contenders: [
      RAFT,
      `last write wins=${LAST_WRITE_WINS},readRepair=before-reply`,
      `logical timestamps=${LAST_WRITE_WINS},readRepair=before-reply,timestamps=quorum`,
      'siblings=quorum:servers=3,quorum=strict',
    ],
    profiles: ['none', 'clock'],
  },
  {
    name: 'geo',
    summary: 'three data centres: what distance costs, and what a cut cable or a dark site does',
    contenders: [
      'geo sync=geo-replicated:mode=synchronous',
      'geo async=geo-replicated:mode=asynchronous',
      RAFT,
      `quorum 2+2=${LAST_WRITE_WINS},r=2,w=2`,
      CRDT,
    ],
    profiles: ['none', 'cable', 'site'],
  },
  {
    name: 'balancing',
    summary: 'load balancers before four front ends of which one is slow',
    contenders: ['random', 'round-robin', 'least-outstanding', 'power-of-two'].map(balancedBy),
    profiles: ['none', 'pause'],
  },
  {
    name: 'caching',
    summary: 'a cache tier before a store, by how keys find their server',
    contenders: [
      'no cache=single-server',
      'modulo=cache-aside:router=modulo',
      'consistent hash=cache-aside:router=consistent-hash',
      'rendezvous=cache-aside:router=rendezvous',
    ],
    profiles: ['none', 'crash', 'partition'],
  },
];
