import type { Json, Operation } from '../../../histories/index.ts';
import { type ObjectCall, objectExecutions } from '../../testing/objects.ts';

interface Broker {
  readonly logs: { readonly [key: string]: readonly number[] };
  readonly positions: { readonly [consumer: string]: number };
}

let fresh = 0;
const micros = (draw: number): Json[] => {
  const send = (nth: number): Json => ['send', (draw >> nth) & 1 ? 'x' : 'y', fresh++ % 1000];
  return [[send(1)], [send(1), send(2)], [['poll']], [['poll']], [['poll'], ['poll']], [send(1), ['poll']]][
    draw % 6
  ]!;
};

export const logHistories = objectExecutions<Broker>({
  calls: (draw): ObjectCall => ({ f: 'txn', value: micros(draw) }),
  initial: { logs: { x: [], y: [] }, positions: {} },
  threads: 3,
  steps: 7,
  span: 4,
  model: (state, { value }, _, process) => {
    const now = { x: [...state.logs.x!], y: [...state.logs.y!] };
    const positions = { ...state.positions };
    const done = (value as Json[][]).map((micro): Json => {
      if (micro[0] === 'send') {
        const log = now[micro[1] as 'x' | 'y'];
        log.push(micro[2] as number);
        return ['send', micro[1]!, [log.length - 1, micro[2]!]];
      }
      const got: { [key: string]: [number, number][] } = {};
      for (const key of ['x', 'y'] as const) {
        const from = positions[`${process} ${key}`] ?? 0;
        // Only what was committed before: not what this transaction sends.
        const messages = state.logs[key]!.slice(from, from + 2).map((message, at): [number, number] => [
          from + at,
          message,
        ]);
        if (messages.length > 0) got[key] = messages;
        positions[`${process} ${key}`] = from + messages.length;
      }
      return ['poll', got];
    });
    return { state: { logs: now, positions }, value: done };
  },
});

/** Polls that return something else, less, or in another order, and sends that land elsewhere. */
export function mispolled({ value }: Operation, draw: number): Json | undefined {
  return (value as Json[][]).map((micro): Json => {
    if (micro[0] === 'send') {
      const [offset, sent] = micro[2] as [number, number];
      return draw % 5 === 0 ? ['send', micro[1]!, [offset + (draw % 3) - 1, sent]] : micro;
    }
    const entries = Object.entries(micro[1] as { [key: string]: [number, number][] }).map(
      ([key, messages]) => {
        const kind = draw % 6;
        if (kind === 0) return [key, [...messages].reverse()];
        if (kind === 1) return [key, messages.slice(1)];
        if (kind === 2) return [key, messages.map(([offset, message]) => [offset + 1, message])];
        if (kind === 3) return [key, messages.map(([offset]) => [offset, 5000 + draw])];
        if (kind === 4) return [key, messages.map(([offset, message]) => [Math.max(0, offset - 1), message])];
        return [key, [...messages, ...messages]];
      },
    );
    return ['poll', Object.fromEntries(entries) as Json];
  });
}
