/** Says which server is responsible for a key. Immutable: a change of membership makes a new router. */
export interface Router {
  readonly servers: readonly string[];
  owner(key: string | number): string;
}

/** Share of the keys, 0..1, whose owner differs between two routers: what a change of membership costs. */
export function keyMovement(before: Router, after: Router, keys: readonly (string | number)[]): number {
  const moved = keys.filter((key) => before.owner(key) !== after.owner(key)).length;
  return moved / keys.length;
}
