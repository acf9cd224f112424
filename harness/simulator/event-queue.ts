/** Something that happens at an instant. */
export interface Action {
  fire(): void;
}

const NOTHING: Action = { fire() {} };

/**
 * The one queue of events, ordered by (time, sequence): equal times leave in the order they came.
 * A 4-ary heap over parallel arrays, so that an event costs no object beyond its action.
 * Cost: O(log n) for `push` and `pop`.
 */
export class EventQueue {
  private times = new Float64Array(1024);
  private sequences = new Float64Array(1024);
  /** What the digest sees of the event: its code and its subject in one integer, and a hash of its content. */
  private labels = new Int32Array(1024);
  private contents = new Int32Array(1024);
  private actions: Action[] = new Array<Action>(1024).fill(NOTHING);
  private nextSequence = 0;
  size = 0;

  /** The event that `pop` took last. */
  time = 0;
  label = 0;
  content = 0;

  push(time: number, label: number, content: number, action: Action): void {
    if (this.size === this.times.length) this.grow();
    const sequence = this.nextSequence++;
    const { times, sequences, labels, contents, actions } = this;
    let at = this.size++;
    // Invariant: a parent leaves before its children. A new event has the highest sequence, so equal times never swap.
    while (at > 0) {
      const parent = (at - 1) >> 2;
      if (times[parent]! <= time) break;
      times[at] = times[parent]!;
      sequences[at] = sequences[parent]!;
      labels[at] = labels[parent]!;
      contents[at] = contents[parent]!;
      actions[at] = actions[parent]!;
      at = parent;
    }
    times[at] = time;
    sequences[at] = sequence;
    labels[at] = label;
    contents[at] = content;
    actions[at] = action;
  }

  /** Time of the next event; Infinity if there is none. */
  peekTime(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.times[0]!;
  }

  /** Takes the next event out; its time, label and content stand in the fields of the queue. The queue must not be empty. */
  pop(): Action {
    const { times, sequences, labels, contents, actions } = this;
    const action = actions[0]!;
    this.time = times[0]!;
    this.label = labels[0]!;
    this.content = contents[0]!;
    const last = --this.size;
    const time = times[last]!;
    const sequence = sequences[last]!;
    const label = labels[last]!;
    const content = contents[last]!;
    const moved = actions[last]!;
    actions[last] = NOTHING;
    if (last > 0) {
      let at = 0;
      for (;;) {
        const first = 4 * at + 1;
        if (first >= last) break;
        let child = first;
        let childTime = times[first]!;
        let childSequence = sequences[first]!;
        const end = Math.min(first + 4, last);
        for (let other = first + 1; other < end; other++) {
          const otherTime = times[other]!;
          if (otherTime < childTime || (otherTime === childTime && sequences[other]! < childSequence)) {
            child = other;
            childTime = otherTime;
            childSequence = sequences[other]!;
          }
        }
        if (time < childTime || (time === childTime && sequence < childSequence)) break;
        times[at] = childTime;
        sequences[at] = childSequence;
        labels[at] = labels[child]!;
        contents[at] = contents[child]!;
        actions[at] = actions[child]!;
        at = child;
      }
      times[at] = time;
      sequences[at] = sequence;
      labels[at] = label;
      contents[at] = content;
      actions[at] = moved;
    }
    return action;
  }

  private grow(): void {
    const length = this.times.length * 2;
    const times = new Float64Array(length);
    times.set(this.times);
    this.times = times;
    const sequences = new Float64Array(length);
    sequences.set(this.sequences);
    this.sequences = sequences;
    const labels = new Int32Array(length);
    labels.set(this.labels);
    this.labels = labels;
    const contents = new Int32Array(length);
    contents.set(this.contents);
    this.contents = contents;
    while (this.actions.length < length) this.actions.push(NOTHING);
  }
}
