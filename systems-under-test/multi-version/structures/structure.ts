import type { Json, Request } from '../../../harness/contract/index.ts';
import { GivenUp, type Work } from '../session.ts';
import type { Key } from '../transaction.ts';

/** How a client carries out the operations of a data type: each as one transaction on the store. */
export interface Structure {
  /** Its operations, as workloads name them. */
  readonly operations: readonly string[];
  /** `options`: those of the workload. @throws GivenUp for an operation that it does not have, or cannot read. */
  work(request: Request, options: Json): Work;
}

/** Where the structure is stored: under the key of the operation, or one name where there is only one of it. */
export function placeOf({ key }: Request, name: string): Key {
  return key ?? name;
}

export function listIn(value: Json): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

export function unknownOperation({ f }: Request): GivenUp {
  return new GivenUp(`unknown operation ${f}`);
}

/** A transaction that reads a value and replaces it. `change` gives what to write and what to answer. */
export function update(
  place: Key,
  change: (current: Json) => { readonly next: Json; readonly result: Json },
): Work {
  return {
    readOnly: false,
    async run({ read, write }) {
      const { next, result } = change(await read(place));
      await write(place, next);
      return result;
    },
  };
}

/** A transaction that reads one value. */
export function look(place: Key, show: (current: Json) => Json): Work {
  return { readOnly: true, run: async ({ read }) => show(await read(place)) };
}
