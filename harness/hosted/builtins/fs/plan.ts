import type { Host } from '../../../contract/index.ts';
import type { BuiltinContext } from '../context.ts';

/** One thing to be done by the disk. */
export type Request =
  | { readonly do: 'read'; readonly file: string; readonly offset: number; readonly length?: number }
  | { readonly do: 'write'; readonly file: string; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly do: 'append'; readonly file: string; readonly bytes: Uint8Array }
  | { readonly do: 'truncate'; readonly file: string; readonly length: number }
  | { readonly do: 'rename'; readonly file: string; readonly to: string }
  | { readonly do: 'remove' | 'sync'; readonly file: string };

/**
 * An operation of `fs` as a course of requests to the disk, of which each is answered before the next: the same code serves the calls that block and
 * those that do not. What it learns of names and sizes costs nothing: an operating system has them in memory.
 */
export type Plan<T> = Generator<Request, T, unknown>;

export function* reads(file: string, offset: number, length?: number): Plan<Uint8Array> {
  return (yield { do: 'read', file, offset, length }) as Uint8Array;
}

export function* asks(request: Exclude<Request, { readonly do: 'read' }>): Plan<void> {
  yield request;
}

/** Does it now: the process waits for the disk. */
export function blocking<T>({ native: { files } }: BuiltinContext, plan: Plan<T>): T {
  let step = plan.next();
  while (!step.done) {
    const request = step.value;
    let answer: unknown;
    try {
      answer = now(files, request);
    } catch (error) {
      step = plan.throw(error);
      continue;
    }
    step = plan.next(answer);
  }
  return step.value;
}

function now(files: BuiltinContext['native']['files'], request: Request): unknown {
  const { file } = request;
  switch (request.do) {
    case 'read':
      return files.read(file, request.offset, request.length);
    case 'write':
      return files.write(file, request.offset, request.bytes);
    case 'append':
      return files.append(file, request.bytes);
    case 'truncate':
      return files.truncate(file, request.length);
    case 'rename':
      return files.rename(file, request.to);
    case 'remove':
      return files.remove(file);
    case 'sync':
      return files.sync(file);
  }
}

/** Does it by and by, from the next event on, and tells the outcome in an event of its own. */
export function background<T>(
  context: BuiltinContext,
  plan: () => Plan<T>,
  done: (error: unknown, result?: T) => void,
): void {
  context.later(0, () => {
    let course: Plan<T>;
    try {
      course = plan();
    } catch (error) {
      done(error);
      return;
    }
    const go = (advance: () => IteratorResult<Request, T>): void => {
      let step: IteratorResult<Request, T>;
      try {
        step = advance();
      } catch (error) {
        done(error);
        return;
      }
      if (step.done) {
        done(null, step.value);
        return;
      }
      later(context, step.value).then(
        (answer) => go(() => course.next(answer)),
        (error: unknown) => go(() => course.throw(error)),
      );
    };
    go(() => course.next());
  });
}

function later({ host, native }: BuiltinContext, request: Request): Promise<unknown> {
  const { disk } = host;
  const { file } = request;
  switch (request.do) {
    case 'read':
      return disk.read(file, request.offset, request.length);
    case 'write':
      return disk.write(file, request.offset, request.bytes);
    case 'append':
      return disk.append(file, request.bytes);
    case 'truncate':
      return disk.truncate(file, request.length);
    case 'rename':
      return renamed(host, native, file, request.to);
    case 'remove':
      return disk.remove(file);
    case 'sync':
      return disk.sync(file);
  }
}

/** The disk of the contract has no renaming of its own that does not block. */
async function renamed(
  _host: Host,
  native: BuiltinContext['native'],
  from: string,
  to: string,
): Promise<void> {
  native.files.rename(from, to);
}
