import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAnyHistory, readAnyHistory } from '../histories/index.ts';
import { type Figure, rate } from './measure.ts';

/** A file as Jepsen writes it, one map a line: cas-registers on several keys at concurrency 10, and a nemesis. */
function jepsenFile(file: string, megabytes: number): number {
  let seed = 7;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
    return Math.floor(((seed >>> 0) / 2 ** 32) * below);
  };
  const fd = openSync(file, 'w');
  const open = new Array<string | undefined>(10).fill(undefined);
  let index = 0;
  let bytes = 0;
  let lines: string[] = [];
  while (bytes < megabytes * 1e6) {
    const time = index * 137_911 + 3_400_000;
    const process = random(10);
    const begun = open[process];
    if (index % 5000 === 4999) {
      lines.push(
        `{:process :nemesis, :type :info, :f :start-partition, :value [:isolated {"n1" #{"n2" "n3"}, "n2" #{"n1"}}], :time ${time}, :index ${index}}`,
      );
    } else if (begun === undefined) {
      const key = 100 + Math.floor(index / 4000);
      const f = ['read', 'write', 'cas'][random(3)];
      const value = f === 'read' ? 'nil' : f === 'write' ? random(5) : `[${random(5)} ${random(5)}]`;
      open[process] = `:f :${f}, :value [${key} ${value}]`;
      lines.push(`{:type :invoke, ${open[process]}, :time ${time}, :process ${process}, :index ${index}}`);
    } else {
      open[process] = undefined;
      const type = random(10) === 0 ? ':fail' : ':ok';
      const value = begun.replace(' nil]', ` ${random(5)}]`);
      const error = type === ':fail' ? ', :error [:refused "connection refused"]' : '';
      lines.push(`{:type ${type}, ${value}, :time ${time}, :process ${process}, :index ${index}${error}}`);
    }
    index++;
    if (lines.length === 4096) {
      bytes += writeSync(fd, `${lines.join('\n')}\n`);
      lines = [];
    }
  }
  closeSync(fd);
  return index;
}

export async function ednFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sixways-bench-'));
  try {
    const file = join(folder, 'history.edn');
    const lines = jepsenFile(file, 100);
    const bytes = statSync(file).size;
    const what = `EDN as Jepsen writes it, ${Math.round(bytes / 1e6)} MB, ${lines} lines`;
    return [
      await rate(
        'edn-read',
        `whole: ${what}`,
        'MB/s',
        3,
        async () => {
          const { history } = await readAnyHistory(file);
          if (history.events.length !== lines) throw new Error('the import lost lines');
          return bytes / 1e6;
        },
        { atLeast: 40 },
      ),
      await rate(
        'edn-stream',
        `in batches: ${what}`,
        'MB/s',
        3,
        async () => {
          let events = 0;
          const reader = await openAnyHistory(file);
          for await (const batch of reader.batches()) events += batch.length;
          if (events !== lines) throw new Error('the import lost lines');
          return bytes / 1e6;
        },
        { atLeast: 40 },
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
