import fc from 'fast-check';
import { MICROSECOND, MILLISECOND } from '../harness/contract/index.ts';
import { hostNemesis } from './host-nemesis.ts';
import { count, duration, parametersSchema } from './parameters.ts';

/**
 * A crowd arrives: meaningless requests, each of which costs CPU time. Real ones wait behind them.
 * May break: deadlines; queues overflow and events are dropped.
 * Must survive: all state; once the crowd is gone the host must come back by itself.
 */
export const overload = hostNemesis({
  name: 'overload',
  summary: 'a crowd of meaningless requests keeps the CPU busy',
  lever: 'load',
  parameters: parametersSchema({
    perSecond: count('requests per second', 1, 1_000_000, 1_000),
    cost: duration('CPU time of each', MILLISECOND, 10_000 * MILLISECOND),
  }),
  values: fc.record({
    perSecond: fc.integer({ min: 10, max: 2_000 }),
    cost: fc.integer({ min: 1, max: 50 }).map((hundreds) => hundreds * 100 * MICROSECOND),
  }),
  act: (levers, host, load) => levers.load(host, load),
});
