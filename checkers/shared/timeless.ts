import type { History } from '../../histories/index.ts';

/** Why a checker that judges by real time cannot judge this history: undefined if its order says what came before what. */
export function timelessReason({ header }: History): string | undefined {
  return header.realtime === false
    ? 'the order of this history claims nothing about real time, which this checker judges by'
    : undefined;
}
