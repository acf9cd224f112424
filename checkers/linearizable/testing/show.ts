import type { PlacedCall } from '../preparation.ts';

/** A history for a failing test's message: a call a line, with the positions of its invocation and completion. */
export function show(placed: readonly PlacedCall[]): string {
  return placed
    .map(
      ({ call, invoked, returned }) =>
        `${invoked}-${returned} ${call.f} ${JSON.stringify(call.value)} -> ${call.outcome} ${JSON.stringify(call.result)}`,
    )
    .join('\n');
}
