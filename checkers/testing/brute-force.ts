import { type History, type Json, type OperationPair, operationPairs } from '../../histories/index.ts';

/** The definition of a linearizable register (initially null), tried in every order. For a dozen operations or so. */
export function isLinearizable(history: History, key: string): boolean {
  const pairs = operationPairs(history.events).filter(
    ({ invocation, completion }) =>
      invocation.key === key &&
      completion?.type !== 'fail' &&
      (invocation.f !== 'read' || completion?.type === 'ok'),
  );
  const certain = pairs.reduce(
    (mask, { completion }, i) => (completion?.type === 'ok' ? mask | (1 << i) : mask),
    0,
  );
  const seen = new Set<string>();
  const search = (done: number, state: Json): boolean => {
    if ((done & certain) === certain) return true;
    const id = `${done} ${JSON.stringify(state)}`;
    if (seen.has(id)) return false;
    seen.add(id);
    return pairs.some((pair, i) => {
      if (done & (1 << i)) return false;
      // Somebody who is not placed yet had completed before this one was invoked.
      if (pairs.some((other, j) => !(done & (1 << j)) && endOf(other) < pair.invocation.index)) return false;
      const next = apply(pair, state);
      return next !== undefined && search(done | (1 << i), next.state);
    });
  };
  return search(0, null);
}

function endOf({ completion }: OperationPair): number {
  return completion?.type === 'ok' ? completion.index : Number.POSITIVE_INFINITY;
}

function apply({ invocation, completion }: OperationPair, state: Json): { state: Json } | undefined {
  const { f, value } = invocation;
  if (f === 'write') return { state: value };
  if (f === 'read') return completion?.value === state ? { state } : undefined;
  const [expected, wrote] = value as readonly [Json, Json];
  return expected === state ? { state: wrote } : undefined;
}
