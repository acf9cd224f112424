/** Something that happens at an instant. */
export interface Action {
  fire(): void;
}

const NOTHING: Action = { fire() {} };

/**
 * The one queue of events, ordered by (time, sequence): equal times leave in the order they came.
 *
 * A 4-ary heap over typed arrays. What belongs to an event lies in a slot and never moves; only time, sequence and the number of the slot do,
 * so that sifting writes no object references. Cost: O(log n) for `push` and `pop`, no object beyond the action.
 */
export class EventQueue {
  // The heap.
  private times = new Float64Array(1024);
  private sequences = new Float64Array(1024);
  private slots = new Int32Array(1024);
  // The slots. What the digest sees of an event is its label (code and subject in one integer) and a hash of its content.
  private labels = new Int32Array(1024);
  private contents = new Int32Array(1024);
  private actions: Action[] = new Array<Action>(1024).fill(NOTHING);
  /** Invariant: positions `size` and up of `slots` hold the numbers of the free slots. */
  private nextSequence = 0;
  size = 0;

  /** The event that `pop` took last. */
  time = 0;
  label = 0;
  content = 0;

  constructor() {
    for (let slot = 0; slot < 1024; slot++) this.slots[slot] = slot;
  }

  push(time: number, label: number, content: number, action: Action): void {
    if (this.size === this.times.length) this.grow();
    const sequence = this.nextSequence++;
    const { times, sequences, slots } = this;
    let at = this.size++;
    const slot = slots[at]!;
    this.labels[slot] = label;
    this.contents[slot] = content;
    this.actions[slot] = action;
    // Invariant: a parent leaves before its children. A new event has the highest sequence, so equal times never swap.
    while (at > 0) {
      const parent = (at - 1) >> 2;
      const parentTime = times[parent]!;
      if (parentTime <= time) break;
      times[at] = parentTime;
      sequences[at] = sequences[parent]!;
      slots[at] = slots[parent]!;
      at = parent;
    }
    times[at] = time;
    sequences[at] = sequence;
    slots[at] = slot;
  }

  /** Time of the next event; Infinity if there is none. */
  peekTime(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.times[0]!;
  }

  /** Takes the next event out; its time, label and content stand in the fields of the queue. The queue must not be empty. */
  pop(): Action {
    const { times, sequences, slots, actions } = this;
    const taken = slots[0]!;
    const action = actions[taken]!;
    // A finished action must not be kept alive by its slot.
    actions[taken] = NOTHING;
    this.time = times[0]!;
    this.label = this.labels[taken]!;
    this.content = this.contents[taken]!;
    const last = --this.size;
    const time = times[last]!;
    const sequence = sequences[last]!;
    const slot = slots[last]!;
    slots[last] = taken;
    if (last > 0) {
      let at = 0;
      for (;;) {
        let child = 4 * at + 1;
        if (child >= last) break;
        let childTime = times[child]!;
        let childSequence = sequences[child]!;
        const end = Math.min(child + 4, last);
        for (let other = child + 1; other < end; other++) {
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
        slots[at] = slots[child]!;
        at = child;
      }
      times[at] = time;
      sequences[at] = sequence;
      slots[at] = slot;
    }
    return action;
  }

  private grow(): void {
    const before = this.times.length;
    const length = before * 2;
    this.times = enlarged(this.times, new Float64Array(length));
    this.sequences = enlarged(this.sequences, new Float64Array(length));
    this.slots = enlarged(this.slots, new Int32Array(length));
    this.labels = enlarged(this.labels, new Int32Array(length));
    this.contents = enlarged(this.contents, new Int32Array(length));
    for (let slot = before; slot < length; slot++) {
      this.slots[slot] = slot;
      this.actions.push(NOTHING);
    }
  }
}

function enlarged<T extends Float64Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
