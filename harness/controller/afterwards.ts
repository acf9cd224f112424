/** Goes on with a value at once, or with a promise's when it settles: no detour through the microtasks where nothing is awaited. */
export function afterwards<T>(
  value: T | Promise<T>,
  then: (value: T) => void,
  failed: (error: unknown) => void,
): void {
  if (value instanceof Promise) value.then(then, failed);
  else then(value);
}
