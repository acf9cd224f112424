import type { Json } from '../operation.ts';

/** One line of a history that others wrote, its values already JSON. What the line does not say is absent. */
export interface ForeignOperation {
  index?: Json;
  time?: Json;
  process?: Json;
  type?: Json;
  f?: Json;
  key?: Json;
  value?: Json;
  error?: Json;
  node?: Json;
  id?: Json;
  phase?: Json;
  /** The value is a tuple of key and value, and marked as such. */
  tuple?: true;
}
