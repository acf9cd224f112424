import fc from 'fast-check';

type Words = fc.Arbitrary<string[]>;

const key = fc.constantFrom('k1', 'k2', 'k3');
const member = fc.constantFrom('a', 'b', 'c', 'd', '1', '22', '-3', '', 'ab', 'aa');
const text = fc.oneof(
  member,
  fc.constantFrom('hello world', '3.25', '9223372036854775807', '-1', '0.1', 'x y', '\x00\xff\r\n'),
);
const place = fc.integer({ min: -6, max: 6 }).map(String);
const score = fc.constantFrom('0', '1', '-1', '1.5', '2', '(1', '-inf', '+inf', '3e2', '0.1', '(1.5');
const plainScore = fc.constantFrom('0', '1', '-1', '1.5', '2', '3e2', '0.1', '7', 'inf');
const lex = fc.constantFrom('-', '+', '[a', '(a', '[b', '(b', '[aa', '[', '(');
const number = fc.constantFrom(
  '1',
  '-1',
  '5',
  '100',
  '9223372036854775807',
  '-9223372036854775808',
  'x',
  '1.5',
  '0.1',
  '2.25',
);
const count = fc.constantFrom('0', '1', '2', '5', '-1', 'x');

/** A command of these parts; empty words are left out, where they mean "not given". */
const command = (name: string, ...parts: fc.Arbitrary<string>[]): Words =>
  fc.tuple(...parts).map((words) => [name, ...words]);
const withOptions = (name: string, parts: fc.Arbitrary<string>[], options: fc.Arbitrary<string[]>): Words =>
  fc.tuple(fc.tuple(...parts), options).map(([words, more]) => [name, ...words, ...more]);
const some = (part: fc.Arbitrary<string>): fc.Arbitrary<string[]> =>
  fc.array(part, { minLength: 1, maxLength: 4 });
const chosen = (...groups: string[][]): fc.Arbitrary<string[]> => fc.constantFrom([], ...groups);

/** Commands of each family, over few keys and values, so that they meet. Nothing in them rests on time or chance. */
export const FAMILIES: Readonly<Record<string, { readonly commands: Words; readonly unordered: boolean }>> = {
  strings: {
    unordered: false,
    commands: fc.oneof(
      withOptions(
        'SET',
        [key, text],
        chosen(['NX'], ['XX'], ['GET'], ['KEEPTTL'], ['XX', 'GET'], ['NX', 'GET']),
      ),
      command('GET', key),
      command('GETSET', key, text),
      command('GETDEL', key),
      command('APPEND', key, text),
      command('STRLEN', key),
      command('SETRANGE', key, place, text),
      command('GETRANGE', key, place, place),
      command('INCR', key),
      command('DECRBY', key, number),
      command('INCRBY', key, number),
      command('INCRBYFLOAT', key, number),
      command('SETNX', key, text),
      command('SETBIT', key, fc.nat(20).map(String), fc.constantFrom('0', '1')),
      command('GETBIT', key, fc.nat(20).map(String)),
      withOptions('BITCOUNT', [key], chosen(['0', '-1'], ['1', '2'], ['-3', '9', 'BIT'])),
      withOptions(
        'BITPOS',
        [key, fc.constantFrom('0', '1')],
        chosen(['0'], ['1', '-1'], ['-9', '12', 'BIT']),
      ),
      withOptions('BITOP', [fc.constantFrom('AND', 'OR', 'XOR', 'NOT'), key], some(key)),
      withOptions('MSET', [key, text], chosen(['k2', 'm'])),
      withOptions('MGET', [], some(key)),
      withOptions('DEL', [], some(key)),
      command('RENAME', key, key),
      withOptions('COPY', [key, key], chosen(['REPLACE'])),
      command('OBJECT', fc.constant('ENCODING'), key),
      command('TYPE', key),
      command('RPUSH', key, text),
    ),
  },
  hashes: {
    unordered: false,
    commands: fc.oneof(
      withOptions('HSET', [key, member, text], chosen(['a', 'A'], ['a'])),
      command('HSETNX', key, member, text),
      command('HGET', key, member),
      withOptions('HMGET', [key], some(member)),
      withOptions('HDEL', [key], some(member)),
      command('HGETALL', key),
      command('HLEN', key),
      command('HEXISTS', key, member),
      command('HSTRLEN', key, member),
      command('HINCRBY', key, member, number),
      command('HINCRBYFLOAT', key, member, number),
      command('HKEYS', key),
      command('HVALS', key),
      command('DEL', key),
      command('SET', key, text),
      command('HSCAN', key, fc.constant('0')),
    ),
  },
  lists: {
    unordered: false,
    commands: fc.oneof(
      withOptions('LPUSH', [key], some(member)),
      withOptions('RPUSH', [key], some(member)),
      withOptions('LPUSHX', [key], some(member)),
      withOptions('LPOP', [key], chosen(['0'], ['1'], ['2'], ['x'])),
      withOptions('RPOP', [key], chosen(['0'], ['3'], ['-1'])),
      command('LRANGE', key, place, place),
      command('LTRIM', key, place, place),
      command('LINDEX', key, place),
      command('LSET', key, place, member),
      command('LREM', key, place, member),
      command('LINSERT', key, fc.constantFrom('BEFORE', 'AFTER', 'X'), member, member),
      command('LMOVE', key, key, fc.constantFrom('LEFT', 'RIGHT'), fc.constantFrom('LEFT', 'RIGHT')),
      command('RPOPLPUSH', key, key),
      command('LLEN', key),
      withOptions(
        'LPOS',
        [key, member],
        chosen(['RANK', '-1'], ['COUNT', '0'], ['RANK', '2', 'COUNT', '2'], ['MAXLEN', '2']),
      ),
      withOptions('LMPOP', [fc.constant('2'), key, key], chosen(['LEFT'], ['RIGHT', 'COUNT', '2'])),
      command('SET', key, text),
      command('DEL', key),
    ),
  },
  sets: {
    unordered: true,
    commands: fc.oneof(
      withOptions('SADD', [key], some(member)),
      withOptions('SREM', [key], some(member)),
      command('SMEMBERS', key),
      command('SISMEMBER', key, member),
      withOptions('SMISMEMBER', [key], some(member)),
      command('SCARD', key),
      command('SMOVE', key, key, member),
      ...['SINTER', 'SUNION', 'SDIFF', 'SINTERSTORE', 'SUNIONSTORE', 'SDIFFSTORE'].map((name) =>
        withOptions(name, [key], some(key)),
      ),
      withOptions('SINTERCARD', [fc.constantFrom('1', '2', '3', '0'), key, key], chosen(['LIMIT', '1'])),
      command('OBJECT', fc.constant('ENCODING'), key),
      command('SET', key, text),
      command('DEL', key),
      command('SSCAN', key, fc.constant('0'), fc.constant('COUNT'), fc.constant('100')),
    ),
  },
  'sorted sets': {
    unordered: false,
    commands: fc.oneof(
      withOptions('ZADD', [key, plainScore, member], chosen(['2', 'b'], ['-1', 'c'])),
      fc
        .tuple(
          key,
          chosen(['NX'], ['XX'], ['GT'], ['LT', 'CH'], ['XX', 'INCR'], ['CH'], ['GT', 'INCR']),
          plainScore,
          member,
        )
        .map(([name, flags, at, who]) => ['ZADD', name, ...flags, at, who]),
      command('ZINCRBY', key, plainScore, member),
      withOptions('ZREM', [key], some(member)),
      command('ZSCORE', key, member),
      command('ZRANK', key, member),
      command('ZREVRANK', key, member),
      command('ZCARD', key),
      command('ZCOUNT', key, score, score),
      withOptions('ZRANGE', [key, place, place], chosen(['WITHSCORES'], ['REV'])),
      withOptions(
        'ZRANGE',
        [key, score, score],
        chosen(['BYSCORE'], ['BYSCORE', 'REV', 'WITHSCORES'], ['BYSCORE', 'LIMIT', '1', '2']),
      ),
      withOptions('ZRANGEBYSCORE', [key, score, score], chosen(['WITHSCORES'], ['LIMIT', '0', '2'])),
      withOptions('ZREVRANGEBYSCORE', [key, score, score], chosen(['WITHSCORES'])),
      command('ZREMRANGEBYRANK', key, place, place),
      command('ZREMRANGEBYSCORE', key, score, score),
      withOptions('ZPOPMIN', [key], chosen(['2'], ['0'])),
      withOptions('ZPOPMAX', [key], chosen(['2'])),
      withOptions(
        'ZUNION',
        [fc.constant('2'), key, key],
        chosen(['WITHSCORES'], ['WEIGHTS', '2', '-1', 'WITHSCORES'], ['AGGREGATE', 'MIN', 'WITHSCORES']),
      ),
      withOptions(
        'ZINTER',
        [fc.constant('2'), key, key],
        chosen(['WITHSCORES'], ['AGGREGATE', 'MAX', 'WITHSCORES']),
      ),
      withOptions('ZDIFF', [fc.constant('2'), key, key], chosen(['WITHSCORES'])),
      withOptions('ZUNIONSTORE', [key, fc.constant('2'), key, key], chosen(['WEIGHTS', '1', '2'])),
      withOptions('ZRANGESTORE', [key, key, place, place], chosen(['REV'])),
      command('SADD', key, member),
      command('DEL', key),
      command('OBJECT', fc.constant('ENCODING'), key),
    ),
  },
  'sorted sets by name': {
    unordered: false,
    commands: fc.oneof(
      withOptions('ZADD', [key, fc.constant('0'), member], chosen(['0', 'b'], ['0', 'c'])),
      withOptions('ZRANGE', [key, lex, lex, fc.constant('BYLEX')], chosen(['REV'], ['LIMIT', '1', '-1'])),
      withOptions('ZRANGEBYLEX', [key, lex, lex], chosen(['LIMIT', '1', '1'])),
      command('ZREVRANGEBYLEX', key, lex, lex),
      command('ZLEXCOUNT', key, lex, lex),
      command('ZREMRANGEBYLEX', key, lex, lex),
      withOptions('ZREM', [key], some(member)),
    ),
  },
  streams: {
    unordered: false,
    commands: fc.oneof(
      withOptions(
        'XADD',
        [key, fc.constantFrom('1-1', '1-2', '2-*', '3', '5-5', '1-*', '0-0')],
        chosen(['a', '1'], ['a', '1', 'b', '2'], ['a']),
      ),
      withOptions(
        'XADD',
        [key, fc.constant('MAXLEN'), count, fc.constantFrom('4-*', '9-*')],
        chosen(['a', '1']),
      ),
      withOptions(
        'XRANGE',
        [key, fc.constantFrom('-', '1', '(1-1', '2-0'), fc.constantFrom('+', '2', '(5-5')],
        chosen(['COUNT', '2']),
      ),
      withOptions(
        'XREVRANGE',
        [key, fc.constantFrom('+', '2'), fc.constantFrom('-', '1-2')],
        chosen(['COUNT', '1']),
      ),
      command('XLEN', key),
      withOptions('XDEL', [key], some(fc.constantFrom('1-1', '1-2', '2-0', '5-5'))),
      command('XTRIM', key, fc.constantFrom('MAXLEN', 'MINID'), fc.constantFrom('0', '1', '3')),
      withOptions('XREAD', [fc.constant('STREAMS'), key], chosen(['0'], ['1-1'], ['3'])),
      withOptions(
        'XGROUP',
        [fc.constant('CREATE'), key, fc.constantFrom('g', 'h'), fc.constantFrom('0', '$', '1-1')],
        chosen(['MKSTREAM']),
      ),
      withOptions(
        'XREADGROUP',
        [
          fc.constant('GROUP'),
          fc.constantFrom('g', 'h'),
          fc.constantFrom('c', 'd'),
          fc.constant('STREAMS'),
          key,
        ],
        chosen(['>'], ['0'], ['1-1']),
      ),
      withOptions(
        'XACK',
        [key, fc.constantFrom('g', 'h')],
        some(fc.constantFrom('1-1', '1-2', '2-0', '3-0')),
      ),
      command('XPENDING', key, fc.constantFrom('g', 'h')),
      command('DEL', key),
    ),
  },
};
