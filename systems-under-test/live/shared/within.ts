import { type Host, type Nanos, RequestTimeout } from '../../../harness/contract/index.ts';

/** The promise's result if it comes in time. What is given up goes on, and nobody looks at what becomes of it. @throws RequestTimeout */
export function within<T>(host: Host, to: string, time: Nanos, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = host.after(time, () => reject(new RequestTimeout(to, time / 1e6)));
    promise.then(resolve, reject).finally(() => timer.cancel());
  });
}
