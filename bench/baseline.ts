/**
 * What the machine gives at this moment: callbacks per second of a bare loop over a binary heap of (time, sequence). Every figure is also printed
 * as a ratio to it, because shared machines drift.
 */
export function baseline(rounds = 2_000_000): number {
  const times = new Float64Array(64);
  let size = 0;
  let count = 0;
  const actions: (() => void)[] = [];
  const push = (time: number): void => {
    let at = size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (times[parent]! <= time) break;
      times[at] = times[parent]!;
      at = parent;
    }
    times[at] = time;
  };
  const pop = (): number => {
    const top = times[0]!;
    const time = times[--size]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && times[child + 1]! < times[child]!) child++;
      if (time <= times[child]!) break;
      times[at] = times[child]!;
      at = child;
    }
    times[at] = time;
    return top;
  };
  for (let i = 0; i < 5; i++) {
    actions.push(() => {
      count++;
    });
    push(i);
  }
  const started = performance.now();
  for (let i = 0; i < rounds; i++) {
    const now = pop();
    actions[i % 5]!();
    push(now + 1000 + (i % 7));
  }
  const seconds = (performance.now() - started) / 1000;
  if (count !== rounds) throw new Error('unreachable: each round calls one action');
  return rounds / seconds;
}
