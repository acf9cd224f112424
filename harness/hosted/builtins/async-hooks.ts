import * as real from 'node:async_hooks';

/** The async contexts that a program made: let go of when its process ends, since they cost every host of this process time. */
export class AsyncContexts {
  private readonly made: real.AsyncLocalStorage<unknown>[] = [];

  /** True once the program has one: only then is it carried from event to event. */
  get used(): boolean {
    return this.made.length > 0;
  }

  release(): void {
    for (const storage of this.made) storage.disable();
    this.made.length = 0;
  }

  /** `async_hooks` of the program. */
  module(): object {
    const { made } = this;
    class AsyncLocalStorage<T> extends real.AsyncLocalStorage<T> {
      constructor(...options: []) {
        super(...options);
        made.push(this);
      }
    }
    return { ...real, AsyncLocalStorage };
  }
}
