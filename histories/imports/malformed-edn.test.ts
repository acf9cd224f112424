import { describe, expect, it } from 'vitest';
import { HistoryError, type HistoryErrorCode, readAnyHistory } from '../index.ts';
import { failureOf, temporaryFile } from '../testing/temporary.ts';

describe('a malformed history in EDN is refused:', () => {
  const invoke = '{:process 0 :type :invoke :f :read :value nil :key 1}\n';
  it.each<[string, string, HistoryErrorCode, string]>([
    ['no operations', '; nothing\n[]', 'empty', 'FILE: expected operations, got none'],
    [
      'something else than a map',
      `${invoke}42`,
      'not-edn',
      'FILE:2:1: expected an operation as a map, got "42"',
    ],
    [
      'a closing bracket too much',
      `${invoke}]`,
      'not-edn',
      'FILE:2:1: expected an operation as a map, got "]"',
    ],
    ['a wrong bracket', `${invoke}{:process 0, :value [1 }`, 'not-edn', 'FILE:2:24: expected "]", got "}"'],
    [
      'a key twice',
      `${invoke} {:process 0 :process 1}`,
      'not-edn',
      'FILE:2:14: expected each key once, got :process twice',
    ],
    [
      'a key that is no keyword',
      `${invoke}{"process" 0}`,
      'not-edn',
      'FILE:2:2: expected a keyword such as :process, or "}", got "\\""',
    ],
    [
      'a key without value',
      `${invoke}{:process }`,
      'not-edn',
      'FILE:2:11: expected a value for :process, got "}"',
    ],
    [
      'an unknown type',
      `${invoke}{:process 1 :type :maybe}`,
      'wrong-type',
      'FILE:2:1: expected :type to be one of :invoke, :ok, :fail, :info, got "maybe"',
    ],
    [
      'no type',
      `${invoke}{:process 1}`,
      'missing-property',
      'FILE:2:1: expected :type to be one of :invoke, :ok, :fail, :info, got nothing',
    ],
    [
      'no f',
      `${invoke}{:process 1 :type :invoke :value 3}`,
      'missing-property',
      'FILE:2:1: expected :f to be a name such as :read, got nothing',
    ],
    [
      'an f that is no name',
      `${invoke}{:process 1 :type :invoke :f 3}`,
      'wrong-type',
      'FILE:2:1: expected :f to be a name such as :read, got 3',
    ],
    [
      'a negative process',
      `${invoke}{:process -1 :type :invoke :f :read}`,
      'wrong-type',
      'FILE:2:1: expected :process to be an integer from 0 or a name such as :nemesis, got -1',
    ],
    [
      'a process here, none there',
      `${invoke}{:type :invoke :f :read}`,
      'missing-property',
      'FILE:2:1: expected :process to be an integer from 0 as in the operations above, got nothing',
    ],
    [
      'no process there, one here',
      '{:type :invoke :f :read}\n{:process 1 :type :invoke :f :read}',
      'wrong-type',
      'FILE:2:1: expected :process to be none, as in the operations above, got 1',
    ],
    [
      'a time that is no integer',
      `${invoke}{:process 1 :type :invoke :f :read :time 1.5}`,
      'wrong-type',
      'FILE:2:1: expected :time to be nanoseconds as an integer, got 1.5',
    ],
    [
      'NaN',
      `${invoke}{:process 1 :type :invoke :f :read :value ##NaN}`,
      'not-finite',
      'FILE:2:43: expected a finite number, got ##NaN',
    ],
    [
      'an invocation while one is open',
      `${invoke}{:process 0 :type :invoke :f :read}`,
      'open-invocation',
      'FILE:2:1: expected a process without an open operation, got process 0 which invoked operation 0',
    ],
    [
      'a completion without invocation',
      `${invoke}{:process 1 :type :ok :f :read}`,
      'no-invocation',
      'FILE:2:1: expected an invocation of process 1 before its completion (:ok), got none',
    ],
    [
      'a completion after none',
      '{:type :ok :f :read}',
      'no-invocation',
      'FILE:1:1: expected an invocation just before a completion (:ok) without :process, got none',
    ],
    [
      'a completion of another f',
      `${invoke}{:process 0 :type :ok :f :write}`,
      'mismatch',
      'FILE:2:1: expected :f to be "read" as in its invocation (operation 0), got "write"',
    ],
    [
      'a completion of another key',
      `${invoke}{:process 0 :type :ok :f :read :key 2}`,
      'mismatch',
      'FILE:2:1: expected :key to be 1 as in its invocation, got 2',
    ],
  ])('%s', async (_, text, code, message) => {
    const file = temporaryFile('history.edn', text);
    const failure = await failureOf(() => readAnyHistory(file, { format: 'edn' }));
    expect(failure).toBeInstanceOf(HistoryError);
    expect([(failure as HistoryError).code, (failure as HistoryError).message]).toEqual([
      code,
      message.replace('FILE', file),
    ]);
  });
});
