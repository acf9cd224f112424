import type { Reports } from '../shared/reports.ts';
import { describeOperation, indicesOf, inWords, ofKey } from '../shared/words.ts';
import { type Get, supersededBy, type Versions } from './versions.ts';

/** What each get shows by itself: values that were put, each once, none beside one that supersedes it. */
export function judgeShown(versions: Versions, reports: Reports): void {
  for (const get of versions.gets) {
    judgePhantoms(versions, get, reports);
    const twice = get.shown.find((version, nth) => get.shown.indexOf(version) !== nth);
    if (twice !== undefined) {
      const { value, put } = versions.versions[twice]!;
      reports.add('duplicate', () => ({
        ...common(versions),
        explanation: `${describeOperation(get.pair)} showed ${inWords(value)}${ofKey(versions.key)} twice, though it was put once: that was carried out twice.`,
        operations: indicesOf(put === undefined ? [get.pair] : [put.pair, get.pair]),
      }));
    }
    if (get.shown.length > 1) judgeBeside(versions, get, reports);
  }
}

function judgePhantoms(versions: Versions, { pair, shown }: Get, reports: Reports): void {
  for (const version of shown) {
    const { put, value } = versions.versions[version]!;
    const possible =
      put !== undefined &&
      put.pair.completion?.type !== 'fail' &&
      put.pair.invocation.index < pair.completion.index;
    if (possible) continue;
    const why =
      put === undefined
        ? 'nobody ever tried to put it'
        : put.pair.completion?.type === 'fail'
          ? `the only one who tried to put it certainly failed: ${describeOperation(put.pair)}`
          : `it was put only later: ${describeOperation(put.pair)}`;
    reports.add('phantom', () => ({
      ...common(versions),
      explanation: `${describeOperation(pair)} showed ${inWords(value)}${ofKey(versions.key)}, but ${why}.`,
      operations: indicesOf(put === undefined ? [pair] : [put.pair, pair]),
    }));
  }
}

function judgeBeside(versions: Versions, { pair, shown }: Get, reports: Reports): void {
  const oldest = Math.min(
    ...shown.map((version) => versions.versions[version]!.put?.pair.invocation.index ?? 0),
  );
  for (const by of shown) {
    const superseded = supersededBy(versions, [by], oldest);
    const beside = shown.find((version) => version !== by && superseded.has(version));
    if (beside === undefined) continue;
    const [old, young] = [versions.versions[beside]!, versions.versions[by]!];
    const puts = [old, young].flatMap(({ put }) => (put === undefined ? [] : [put.pair]));
    reports.add('superseded-sibling', () => ({
      ...common(versions),
      explanation: `${describeOperation(pair)} showed ${inWords(old.value)}${ofKey(versions.key)} beside ${inWords(young.value)}, which supersedes it${young.seen.includes(beside) ? ': its writer had seen it' : ' through what its writer had seen'} (${puts.map(describeOperation).join('; ')}).`,
      operations: indicesOf([...puts, pair]),
    }));
    return;
  }
}

function common({ key }: Versions) {
  return key === undefined ? {} : { key };
}
