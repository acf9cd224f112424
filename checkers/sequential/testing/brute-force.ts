import { type History, type Json, type OperationPair, operationPairs } from '../../../histories/index.ts';

/** The definition, tried in every order: registers that begin with 0. For a dozen operations. */
export function isSequential(history: History, keys: readonly string[]): boolean {
  const pairs = operationPairs(history.events).filter(
    ({ invocation, completion }) =>
      keys.includes(String(invocation.key)) &&
      completion?.type !== 'fail' &&
      (invocation.f !== 'read' || completion?.type === 'ok'),
  );
  const processes = [...new Set(pairs.map(({ invocation }) => invocation.process))].map((process) =>
    pairs.filter(({ invocation }) => invocation.process === process),
  );
  const tried = new Set<string>();
  const search = (
    left: readonly (readonly OperationPair[])[],
    state: { readonly [key: string]: Json },
  ): boolean => {
    if (left.flat().every(({ completion }) => completion?.type !== 'ok')) return true;
    const id = JSON.stringify([
      left.map((operations) => operations.length),
      keys.map((key) => state[key] ?? 0),
    ]);
    if (tried.has(id)) return false;
    tried.add(id);
    return left.some(([first, ...rest], p) => {
      if (first === undefined) return false;
      const key = String(first.invocation.key);
      const after = apply(first, state[key] ?? 0);
      return after !== undefined && search(left.with(p, rest), { ...state, [key]: after });
    });
  };
  return search(processes, {});
}

function apply({ invocation, completion }: OperationPair, value: Json): Json | undefined {
  if (invocation.f === 'write') return invocation.value;
  if (invocation.f === 'read') return completion?.value === value ? value : undefined;
  const [expected, wrote] = invocation.value as readonly [Json, Json];
  return expected === value ? wrote : undefined;
}
