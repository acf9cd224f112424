import type { Selection } from '../../checkers/index.ts';
import { type History, isOperation, type Json } from '../../histories/index.ts';

/** What the operations of a foreign history look like. */
export function suggested(history: History): Selection[] {
  const kinds = new Set<string>();
  for (const event of history.events) if (isOperation(event)) kinds.add(event.f);
  const has = (...names: readonly string[]): boolean => names.some((name) => kinds.has(name));
  const linearizable = (model: string): Selection[] => [{ name: 'linearizable', options: { model } }];
  if (has('put', 'get') && !has('append') && (has('delete') || putsPairs(history)))
    return linearizable('map');
  if (has('append', 'put', 'get')) return linearizable('kv');
  if (has('acquire', 'release')) return linearizable(getsTokens(history) ? 'fenced-mutex' : 'mutex');
  if (has('push', 'pop')) return linearizable('stack');
  if (has('drain')) return [{ name: 'total-queue' }];
  // The weaker of the two: an order may not have been promised.
  if (has('enqueue', 'dequeue')) return linearizable('queue');
  if (has('add') && has('remove', 'contains')) return linearizable('set');
  if (has('add')) return addsUpTo(history);
  if (has('generate')) return [{ name: 'unique-ids' }];
  if (has('elect')) return [{ name: 'leader-election' }];
  if (has('send', 'poll')) return [{ name: 'kafka' }];
  if (has('transfer')) return [{ name: 'bank' }];
  if (has('insert')) return [{ name: 'adya-g2' }];
  if (has('txn')) return [{ name: writesRegisters(history) ? 'rw-register' : 'list-append' }];
  return linearizable('cas-register');
}

/** Adds make a set or a counter: the first read that succeeded says which. */
function addsUpTo({ events }: History): Selection[] {
  const read = events.find((event) => isOperation(event) && event.f === 'read' && event.type === 'ok');
  const isCounter = read !== undefined && isOperation(read) && typeof read.value === 'number';
  return [{ name: isCounter ? 'counter' : 'set-full' }];
}

/** Whether the first put is one of a key and a value. */
function putsPairs({ events }: History): boolean {
  const put = events.find((event) => isOperation(event) && event.f === 'put');
  return put !== undefined && isOperation(put) && Array.isArray(put.value) && put.value.length === 2;
}

/** Whether the first acquire that succeeded was answered with a number that it had not asked for. */
function getsTokens({ events }: History): boolean {
  const acquired = events.find((event) => isOperation(event) && event.f === 'acquire' && event.type === 'ok');
  if (acquired === undefined || !isOperation(acquired) || typeof acquired.value !== 'number') return false;
  const asked = events.find(
    (event) =>
      isOperation(event) &&
      event.process === acquired.process &&
      event.type === 'invoke' &&
      event.f === 'acquire',
  );
  return asked !== undefined && isOperation(asked) && asked.value !== acquired.value;
}

/** Whether the first micro-operation that writes is one of registers; or, where nothing writes, the first read that saw anything. */
function writesRegisters({ events }: History): boolean {
  let seen: boolean | undefined;
  for (const event of events) {
    if (!isOperation(event) || !Array.isArray(event.value)) continue;
    for (const micro of event.value as readonly Json[]) {
      if (!Array.isArray(micro)) continue;
      const [f, , value] = micro as readonly Json[];
      if (f === 'w') return true;
      if (f === 'append') return false;
      if (f === 'r' && value != null) seen ??= !Array.isArray(value);
    }
  }
  return seen ?? false;
}
