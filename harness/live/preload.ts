/** A library of ours in a host's servers, and what it is told. */
export interface Preload {
  readonly library: string;
  readonly environment: { readonly [name: string]: string };
}

/** The environment that loads them. */
export function preloading(preloads: readonly Preload[]): { readonly [name: string]: string } {
  if (preloads.length === 0) return {};
  const LD_PRELOAD = preloads.map(({ library }) => library).join(':');
  return Object.assign({ LD_PRELOAD }, ...preloads.map(({ environment }) => environment));
}
