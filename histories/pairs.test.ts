import { describe, expect, it } from 'vitest';
import { HistoryError } from './error.ts';
import type { HistoryEvent, OperationType } from './operation.ts';
import { operationPairs, pairOperations } from './pairs.ts';

function op(index: number, process: number, type: OperationType): HistoryEvent {
  return { index, time: index, process, type, f: 'read', value: null };
}

const nemesis: HistoryEvent = {
  index: 2,
  time: 2,
  process: 'nemesis',
  type: 'info',
  f: 'crash',
  value: null,
};

describe('pairing', () => {
  const events = [
    op(0, 0, 'invoke'),
    op(1, 1, 'invoke'),
    nemesis,
    op(3, 1, 'ok'),
    op(4, 0, 'info'),
    op(5, 1, 'invoke'),
  ];

  it('pairs interleaved processes, passes over the nemesis and leaves open what is open', () => {
    expect(pairOperations(events)).toEqual({
      invocations: Int32Array.of(0, 1, 5),
      completionOf: Int32Array.of(4, 3, -1, -1, -1, -1),
      invocationOf: Int32Array.of(-1, -1, -1, 1, 0, -1),
    });
  });

  it('gives the pairs as objects, in the order of invocation', () => {
    expect(operationPairs(events)).toEqual([
      { invocation: events[0], completion: events[4] },
      { invocation: events[1], completion: events[3] },
      { invocation: events[5] },
    ]);
  });

  it('takes part of a history: positions, not indices', () => {
    expect([...pairOperations([op(7, 3, 'invoke'), op(9, 3, 'fail')]).completionOf]).toEqual([1, -1]);
  });

  it('refuses a completion without invocation', () => {
    expect(() => pairOperations([op(0, 0, 'invoke'), op(1, 0, 'ok'), op(2, 0, 'ok')])).toThrow(
      new HistoryError('no-invocation', 'operation 2: process 0 completes (ok) what it has not invoked'),
    );
  });

  it('refuses a second open invocation', () => {
    expect(() => pairOperations([op(0, 4, 'invoke'), op(1, 4, 'invoke')])).toThrow(
      new HistoryError('open-invocation', 'operation 1: process 4 invokes while its operation 0 is open'),
    );
  });
});
