import type { Json } from '../../../harness/contract/index.ts';
import { dottedVersions } from '../../shared/dotted-versions.ts';
import { lastWriteWins } from '../../shared/last-write-wins.ts';
import type { Resolution } from '../../shared/resolution.ts';
import type { DataType } from './data-type.ts';

/** One more than the greatest that is known, or the clock's, if that is later: a write comes after all that its replica knows, even with a clock that is behind. */
function write(
  resolution: Resolution,
  current: Json | undefined,
  call: Parameters<DataType['apply']>[1],
): Json {
  const { value: argument, actor } = call;
  const { value, context } = argument as { readonly value: Json; readonly context: Json };
  const time = Math.max(call.time, current === undefined ? 0 : resolution.time(current) + 1);
  const n = current === undefined ? 1 : resolution.greatest(current, actor) + 1;
  return resolution.write(current, value, context, { dot: [actor, n], time });
}

/** The register of which the last write wins (report, section 3.2.1). */
export const lastWriteRegister: DataType = {
  apply: (current, call) => write(lastWriteWins, current, call),
  merge: (a, b) => lastWriteWins.merge(a, b),
  show: (state) => (state === undefined ? null : lastWriteWins.values(state)[0]!),
};

const dotted = dottedVersions(false);

/** The register that shows all concurrent values (report, section 3.2.2), with the context for a write that replaces them. */
export const multiValueRegister: DataType = {
  apply: (current, call) => write(dotted, current, call),
  merge: (a, b) => dotted.merge(a, b),
  show: (state) =>
    state === undefined
      ? { values: [], context: null }
      : { values: dotted.values(state), context: dotted.context(state) },
};
