import type { Json } from '../operation.ts';

/** One line of a history that others wrote, its values already JSON. What the line does not say is undefined. */
export interface ForeignOperation {
  index: Json | undefined;
  time: Json | undefined;
  process: Json | undefined;
  type: Json | undefined;
  f: Json | undefined;
  key: Json | undefined;
  value: Json | undefined;
  error: Json | undefined;
  node: Json | undefined;
  id: Json | undefined;
  phase: Json | undefined;
  /** The value is a tuple of key and value, and marked as such. */
  tuple: boolean;
}

/** An operation that says nothing yet. */
export function nothing(): ForeignOperation {
  const none = undefined;
  const names = { index: none, time: none, process: none, type: none, f: none, key: none, value: none };
  return { ...names, error: none, node: none, id: none, phase: none, tuple: false };
}

/** Empties an operation, so that it can be used for the next line. */
export function clear(operation: ForeignOperation): void {
  operation.index = undefined;
  operation.time = undefined;
  operation.process = undefined;
  operation.type = undefined;
  operation.f = undefined;
  operation.key = undefined;
  operation.value = undefined;
  operation.error = undefined;
  operation.node = undefined;
  operation.id = undefined;
  operation.phase = undefined;
  operation.tuple = false;
}

/** Sets a field by its name; names that mean nothing here are passed over. False if it was set before. */
export function set(operation: ForeignOperation, name: string, value: Json): boolean {
  switch (name) {
    case 'index':
    case 'time':
    case 'process':
    case 'type':
    case 'f':
    case 'key':
    case 'value':
    case 'error':
    case 'node':
    case 'id':
    case 'phase':
      if (operation[name] !== undefined) return false;
      operation[name] = value;
  }
  return true;
}
