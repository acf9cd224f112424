import { cpus } from 'node:os';
import { baseline } from './baseline.ts';
import { ednFigures } from './edn.ts';
import { hostedFigures } from './hosted/index.ts';
import { hostsFigures } from './hosts.ts';
import { linearizableFigures } from './linearizable.ts';
import { bringUpFigures } from './live-bring-up.ts';
import { recordingFigures } from './live-recording.ts';
import { describe, type Figure } from './measure.ts';
import { registersFigures } from './registers.ts';
import { engineFigures, raftFigures } from './simulator.ts';
import { streamFigures } from './streams.ts';
import { structuresFigures } from './structures.ts';
import { transactionFigures } from './transactions.ts';

/** `npm run bench [part]`: figures with their definitions; `ratio` is to a bare event loop measured in the same run. */
const PARTS: { readonly [name: string]: () => Promise<Figure[]> } = {
  engine: engineFigures,
  streams: streamFigures,
  hosts: hostsFigures,
  hosted: hostedFigures,
  raft: raftFigures,
  edn: ednFigures,
  linearizable: linearizableFigures,
  structures: structuresFigures,
  registers: registersFigures,
  transactions: transactionFigures,
  live: async () => [...(await bringUpFigures()), ...(await recordingFigures())],
};

const wanted = process.argv.slice(2);
console.log(
  `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}, baseline ${(baseline() / 1e6).toFixed(1)} M callbacks/s\n`,
);
console.log('| figure | definition | measured | ratio | target | |\n|---|---|---|---|---|---|');
for (const [name, part] of Object.entries(PARTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const figure of await part()) console.log(describe(figure));
}
