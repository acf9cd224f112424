import type { Completion, Json, Nanos, Request } from '../../harness/contract/index.ts';

/** What a read found: no value, one, or siblings; with the context for a write that follows from it. */
export interface Found {
  readonly type: 'found';
  readonly values: readonly Json[];
  readonly context: Json;
  readonly node?: string;
}

type Failed = Exclude<Completion, { type: 'ok' }>;

/** Keys, as clients have them. */
export interface Store {
  find(key: string, until: Nanos): Promise<Found | Failed>;
  write(key: string, value: Json, context: Json, until: Nanos): Promise<Completion>;
}

type CarryOut = (request: Request, until: Nanos) => Promise<Completion>;

/** Keys of clients may be numbers or texts. */
const nameOf = ({ key }: Request): string => JSON.stringify(key ?? null);

const done = (value: Json, { node }: { readonly node?: string }): Completion => ({
  type: 'ok',
  value,
  ...(node !== undefined && { node }),
});

/**
 * A register: a write supersedes what its client reads right before. A register has no place for siblings, and no way to merge them: a read that
 * finds some fails, until somebody writes.
 */
function register(store: Store): CarryOut {
  return async (request, until) => {
    const key = nameOf(request);
    const found = await store.find(key, until);
    if (found.type !== 'found') return found.type === 'fail' ? found : { ...found, type: 'fail' };
    if (request.f === 'read') {
      if (found.values.length > 1) return { type: 'fail', error: 'siblings', ...nodeOf(found) };
      return done(found.values[0] ?? null, found);
    }
    return written(request.value, await store.write(key, request.value, found.context, until));
  };
}

/** Without contexts a write need not know what it replaces. */
function plainRegister(store: Store): CarryOut {
  const careful = register(store);
  return async (request, until) => {
    if (request.f === 'read') return careful(request, until);
    return written(request.value, await store.write(nameOf(request), request.value, null, until));
  };
}

/** `get` shows all siblings; `put` of `[value, seen]` supersedes those that the last `get` of this client showed, or none. */
function siblings(store: Store): CarryOut {
  const last = new Map<string, Found>();
  return async (request, until) => {
    const key = nameOf(request);
    if (request.f === 'get') {
      const found = await store.find(key, until);
      if (found.type !== 'found') return found.type === 'fail' ? found : { ...found, type: 'fail' };
      last.set(key, found);
      return done([...found.values], found);
    }
    const [value, seen] = request.value as readonly [Json, readonly Json[]];
    const known = last.get(key);
    last.delete(key);
    if (seen.length > 0 && JSON.stringify(known?.values) !== JSON.stringify(seen))
      return { type: 'fail', error: 'no-context' };
    const context = seen.length > 0 ? known!.context : null;
    return written(request.value, await store.write(key, value, context, until));
  };
}

/** A set as one value, like the shopping cart: an addition reads it, merges siblings by their union, and writes it back. */
function set(store: Store): CarryOut {
  return async (request, until) => {
    const key = nameOf(request);
    const found = await store.find(key, until);
    if (found.type !== 'found') return found.type === 'fail' ? found : { ...found, type: 'fail' };
    const elements = [...new Set(found.values.flatMap((value) => value as readonly Json[]))];
    if (request.f === 'read') return done(elements, found);
    const next = elements.includes(request.value) ? elements : [...elements, request.value];
    return written(request.value, await store.write(key, next, found.context, until));
  };
}

const nodeOf = ({ node }: { readonly node?: string }) => (node === undefined ? {} : { node });

function written(value: Json, completion: Completion): Completion {
  return completion.type === 'ok' ? { ...completion, value } : completion;
}

/** What the operations of a workload mean. */
export function structureOf(workload: string, withContexts: boolean, store: Store): CarryOut {
  if (workload === 'siblings') return siblings(store);
  if (workload === 'set' || workload === 'set-full') return set(store);
  return withContexts ? register(store) : plainRegister(store);
}
