import type { Json } from '../../histories/index.ts';
import type { CycleTeller, Told } from '../transactions/explain-cycle.ts';
import { RW, WR } from '../transactions/graph.ts';
import { keyInWords, type TransactionWords } from '../transactions/transaction-words.ts';
import type { Evidence } from './phenomena.ts';
import { microInWords, valueInWords } from './register-words.ts';
import { BY_INITIAL, BY_PROCESS, BY_UPDATE, type VersionEdges } from './version-edges.ts';

/** Tells dependencies between registers with what proves them. */
export function registerTeller(evidence: Evidence, edges: VersionEdges): CycleTeller {
  const { micros } = evidence;
  const { reads, writes, keys, values } = micros;
  return {
    micro: microInWords,
    witnesses({ type, reason }) {
      return (type & WR) !== 0 ? [] : witnessesOf(edges, reason);
    },
    tell(step, named): Told {
      const from = named.name(step.from);
      const to = named.name(step.to);
      if ((step.type & WR) !== 0) {
        const key = keys[reads.key[step.reason]!]!;
        const value = values.valueOf(reads.code[step.reason]!);
        return {
          words: `${to} read ${keyInWords(key)} = ${valueInWords(value)}, which ${from} wrote`,
          data: { key, value },
        };
      }
      const second = edges.to.at(step.reason);
      const key = keys[writes.key[second]!]!;
      const value = versionValue(evidence, edges.from.at(step.reason));
      const next = versionValue(evidence, second);
      const did = (step.type & RW) !== 0 ? 'read' : 'wrote';
      return {
        words: `${from} ${did} ${keyInWords(key)} = ${valueInWords(value)}, and ${to} wrote ${valueInWords(next)} later: ${orderInWords(evidence, edges, step.reason, named)}`,
        data: { key, value, next },
      };
    },
  };
}

/** The transactions that show an order of versions. */
export function witnessesOf(edges: VersionEdges, edge: number): number[] {
  return edges.why.at(edge) === BY_INITIAL ? [] : [edges.before.at(edge), edges.after.at(edge)];
}

/** What a version holds. */
export function versionValue({ micros: { writes, values }, initial }: Evidence, version: number): Json {
  return version >= writes.count ? initial : values.valueOf(writes.code[version]!);
}

/** Why the one version precedes the other. */
export function orderInWords(
  evidence: Evidence,
  edges: VersionEdges,
  edge: number,
  named: TransactionWords,
): string {
  const { table } = evidence;
  const [first, second] = [edges.from.at(edge), edges.to.at(edge)].map((version) =>
    valueInWords(versionValue(evidence, version)),
  );
  const why = edges.why.at(edge);
  if (why === BY_INITIAL) return `${first} was there before any write`;
  const [before, after] = [edges.before.at(edge), edges.after.at(edge)];
  const [a, b] = [named.name(before), named.name(after)];
  if (why === BY_UPDATE) return `${b} read ${first} and then wrote ${second}`;
  const seen = edges.seen.at(edge);
  const [did, didThen] = [(seen & 1) !== 0 ? 'read' : 'wrote', (seen & 2) !== 0 ? 'read' : 'wrote'];
  if (why === BY_PROCESS)
    return `${a} ${did} ${first} and then, in the same process, ${b} ${didThen} ${second}`;
  const ended = table.completion(before)!.index;
  const began = table.invocation(after).index;
  return `${a}, which ${did} ${first}, had completed (operation ${ended}) before ${b}, which ${didThen} ${second}, was invoked (operation ${began})`;
}
