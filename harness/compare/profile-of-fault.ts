import { MILLISECOND, type Nemesis } from '../contract/index.ts';
import { drawFrom } from '../plan/index.ts';
import type { Profile } from './profiles.ts';
import { commonTopology } from './topology.ts';

/** A profile of one fault kind, on one machine at a time: for what has no profile by name. */
export function profileOfFault(nemesis: Nemesis): Profile {
  const [shortest, longest] = nemesis.lengths ?? [300 * MILLISECOND, 1200 * MILLISECOND];
  return {
    name: nemesis.name,
    summary: nemesis.summary,
    hardships: [
      {
        fault: nemesis.name,
        shortest,
        longest,
        aim({ machines, clients }, random) {
          const topology = commonTopology(machines.length, clients.length);
          const hosts = { server: machines, client: clients };
          const surroundings = { topology, hosts, candidates: machines, duration: longest, most: 1 };
          return drawFrom(nemesis.arbitrary(surroundings), random.uint32());
        },
      },
    ],
  };
}
