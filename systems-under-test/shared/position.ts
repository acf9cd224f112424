/**
 * One tenure of whoever orders the records: the number of the view or configuration, and the incarnation of its process. A process that restarts
 * within its view makes records that differ from those it lost, so the view alone does not name them.
 */
export type Epoch = readonly [view: number, incarnation: number];

/** The last record of a copy. Two copies at the same position are equal: one process made all records of an epoch, in order. */
export type Position = { readonly epoch: Epoch; readonly sequence: number };

export const START: Position = { epoch: [0, 0], sequence: 0 };

export function sameEpoch(a: Epoch, b: Epoch): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

export function samePosition(a: Position, b: Position): boolean {
  return a.sequence === b.sequence && sameEpoch(a.epoch, b.epoch);
}

/** Negative if a came before b. */
export function compareEpochs(a: Epoch, b: Epoch): number {
  return a[0] - b[0] || a[1] - b[1];
}

/** Negative if a is behind b. */
export function comparePositions(a: Position, b: Position): number {
  return compareEpochs(a.epoch, b.epoch) || a.sequence - b.sequence;
}
