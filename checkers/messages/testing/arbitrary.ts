import fc, { type Arbitrary } from 'fast-check';
import type { History, HistoryEvent, Operation } from '../../../histories/index.ts';
import { withChanges } from '../../testing/objects.ts';

const DEVICES = 3;

/** A message as a replica has it: shown when its causes are, in the order of clocks. */
type Message = {
  readonly value: number;
  readonly device: number;
  readonly clock: number;
  readonly causes: readonly number[];
};

const shownOf = (held: readonly Message[]): Message[] => {
  const shown = new Set<number>();
  return [...held]
    .sort((a, b) => a.clock - b.clock || a.device - b.device)
    .filter(({ value, causes }) => {
      const isReady = causes.every((cause) => shown.has(cause));
      if (isReady) shown.add(value);
      return isReady;
    });
};

/** Devices that send and show what they have, and now and then take over single messages of each other, in any order; in the end all of them. */
const ofDevices: Arbitrary<History> = fc
  .array(fc.nat(2 ** 20 - 1), { minLength: 3, maxLength: 18 })
  .map((draws) => {
    const events: HistoryEvent[] = [];
    const held: Message[][] = Array.from({ length: DEVICES }, () => []);
    const processes = Array.from({ length: DEVICES }, (_, device) => device);
    let fresh = DEVICES;
    let value = 0;
    const call = (device: number, f: 'send' | 'read', fate: 'ok' | 'info' | 'fail', final = false): void => {
      const common = {
        process: processes[device]!,
        f,
        key: 'x',
        ...(final && { phase: 'final' }),
      };
      const record = (event: Pick<Operation, 'type' | 'value' | 'node'>) =>
        events.push({ index: events.length, time: 1000 * events.length, ...common, ...event });
      const argument = f === 'send' ? ++value : null;
      record({ type: 'invoke', value: argument });
      const mine = held[device]!;
      if (argument !== null && fate !== 'fail') {
        const shown = shownOf(mine);
        const clock = Math.max(0, ...shown.map((message) => message.clock)) + 1;
        mine.push({ value: argument, device, clock, causes: shown.map((message) => message.value) });
      }
      const answer = argument ?? shownOf(mine).map((message) => message.value);
      if (fate === 'info') {
        record({ type: 'info', value: argument });
        processes[device] = fresh++;
      } else record({ type: fate, value: answer, node: `d${device}` });
    };
    const takeOver = (device: number, from: number, one: number | undefined): void => {
      const known = new Set(held[device]!.map((message) => message.value));
      const lacking = held[from]!.filter((message) => !known.has(message.value));
      held[device]!.push(...(one === undefined ? lacking : lacking.slice(one % 3, (one % 3) + 1)));
    };
    for (const draw of draws) {
      const device = draw % DEVICES;
      const what = (draw >> 3) % 8;
      if (what < 3)
        call(
          device,
          'send',
          what === 0 && (draw >> 8) % 4 === 0 ? ((draw >> 10) % 2 === 0 ? 'info' : 'fail') : 'ok',
        );
      else if (what < 6) call(device, 'read', 'ok');
      else takeOver(device, (draw >> 8) % DEVICES, draw >> 12);
    }
    for (const device of [0, 1, 2]) for (const from of [0, 1, 2]) takeOver(device, from, undefined);
    for (const device of [0, 1, 2]) for (const from of [0, 1, 2]) takeOver(device, from, undefined);
    for (const device of [0, 1]) call(device, 'read', 'ok', true);
    return { header: { sixways: 1, world: 'simulator' }, events };
  });

/** Some with a read that shows one message less, or two in another order. */
export const messagesHistories: Arbitrary<History> = withChanges(ofDevices, 2, ({ f, value }, draw) => {
  if (f !== 'read') return undefined;
  const list = value as readonly number[];
  if (list.length === 0) return draw % 3 === 0 ? [draw % 7] : list;
  const at = draw % list.length;
  const without = list.filter((_, nth) => nth !== at);
  return draw % 2 === 0 ? without : [list[at]!, ...without];
});
