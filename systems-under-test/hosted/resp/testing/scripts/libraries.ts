/** Scripts of the kind that libraries for locks, limits, caches and queues send; all times are given by the caller, so that runs are equal. */
const EXTEND = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) else return 0 end`;

const RELEASE_MANY = `
local released = 0
for _, key in ipairs(KEYS) do
  if redis.call('GET', key) == ARGV[1] then released = released + redis.call('DEL', key) end
end
return released`;

const FENCED_LOCK = `
if redis.call('EXISTS', KEYS[1]) == 1 then
  local holder = redis.call('HMGET', KEYS[1], 'owner', 'count')
  if holder[1] ~= ARGV[1] then return {0, redis.call('PTTL', KEYS[1]) > 0 and 'held' or 'stuck'} end
  redis.call('HINCRBY', KEYS[1], 'count', 1)
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return {1, tonumber(holder[2]) + 1}
end
local token = redis.call('INCR', KEYS[2])
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'count', 1, 'token', token)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return {1, 1, token}`;

const TOKEN_BUCKET = `
local rate, capacity, now, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local state = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(state[1]) or capacity
local at = tonumber(state[2]) or now
tokens = math.min(capacity, tokens + math.max(0, now - at) * rate)
local allowed = tokens >= wanted
if allowed then tokens = tokens - wanted end
redis.call('HSET', KEYS[1], 'tokens', tokens, 'at', now)
redis.call('EXPIRE', KEYS[1], math.ceil(capacity / rate) * 2)
return { allowed and 1 or 0, tostring(tokens) }`;

const SLIDING_WINDOW = `
local now, window, limit = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
local count = redis.call('ZCARD', KEYS[1])
if count < limit then
  redis.call('ZADD', KEYS[1], now, ARGV[4])
  redis.call('PEXPIRE', KEYS[1], window)
  return { limit - count - 1, 0 }
end
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return { -1, oldest[2] + window - now }`;

const FIXED_WINDOW = `
local used = redis.call('INCRBY', KEYS[1], ARGV[1])
if used == tonumber(ARGV[1]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
local left = redis.call('PTTL', KEYS[1])
return { used, left > 0 }`;

const ADD_JOB = `
local prefix = KEYS[1]
local options = cmsgpack.unpack(ARGV[1])
local id = redis.call('INCR', prefix .. 'id')
local key = prefix .. id
redis.call('HMSET', key, 'name', options['name'], 'data', ARGV[2], 'delay', options['delay'] or 0, 'priority', options['priority'] or 0)
if (options['delay'] or 0) > 0 then
  redis.call('ZADD', prefix .. 'delayed', options['delay'] * 0x1000 + bit.band(id, 0xfff), id)
elseif (options['priority'] or 0) > 0 then
  redis.call('ZADD', prefix .. 'priority', options['priority'], id)
else
  redis.call('LPUSH', prefix .. 'wait', id)
end
redis.call('XADD', prefix .. 'events', 'MAXLEN', '~', 10000, ARGV[3], 'event', 'added', 'jobId', id, 'name', options['name'])
return id .. ''`;

const TAKE_JOB = `
local prefix = KEYS[1]
local due = redis.call('ZRANGEBYSCORE', prefix .. 'delayed', 0, (tonumber(ARGV[1]) + 1) * 0x1000 - 1, 'LIMIT', 0, 1000)
for _, id in ipairs(due) do
  redis.call('ZREM', prefix .. 'delayed', id)
  redis.call('RPUSH', prefix .. 'wait', id)
end
local id = redis.call('RPOPLPUSH', prefix .. 'wait', prefix .. 'active')
if not id then
  local best = redis.call('ZPOPMIN', prefix .. 'priority')
  if #best == 0 then return {false, #due} end
  id = best[1]
  redis.call('LPUSH', prefix .. 'active', id)
end
redis.call('SET', prefix .. id .. ':lock', ARGV[2], 'PX', ARGV[3])
local raw = redis.call('HGETALL', prefix .. id)
local job = {}
for at = 1, #raw, 2 do job[raw[at]] = raw[at + 1] end
return { id, job.name, cjson.encode(cjson.decode(job.data)), #due }`;

const FINISH_JOB = `
local prefix, id = KEYS[1], ARGV[1]
if redis.call('GET', prefix .. id .. ':lock') ~= ARGV[2] then return redis.error_reply('LOCKLOST job ' .. id) end
redis.call('DEL', prefix .. id .. ':lock')
if redis.call('LREM', prefix .. 'active', -1, id) == 0 then return -3 end
redis.call('ZADD', prefix .. 'completed', ARGV[3], id)
redis.call('HSET', prefix .. id, 'result', ARGV[4])
local old = redis.call('ZREVRANGE', prefix .. 'completed', 1, -1)
for at = 1, #old, 500 do
  local keys = {}
  for place = at, math.min(at + 499, #old) do keys[#keys + 1] = prefix .. old[place] end
  redis.call('DEL', unpack(keys))
end
redis.call('ZREMRANGEBYRANK', prefix .. 'completed', 0, -2)
redis.call('PUBLISH', prefix .. 'finished', cjson.encode({ id = id }))
return 0`;

const CACHE_TAGS = `
local count = 0
for _, tag in ipairs(ARGV) do
  local members = redis.call('SMEMBERS', 'tag:' .. tag)
  table.sort(members)
  for _, member in ipairs(members) do count = count + redis.call('UNLINK', member) end
  redis.call('DEL', 'tag:' .. tag)
end
return count`;

const quoted = (source: string): string =>
  `"${source
    .trim()
    .replace(/[\\"]/g, (one) => `\\${one}`)
    .replace(/\n/g, '\\n')}"`;
const run = (source: string, ...words: string[]): string => ['EVAL', quoted(source), ...words].join(' ');

/** `cmsgpack` of { name = ..., delay = ..., priority = ... }, as a client packs it. */
const job = (name: string, extra = ''): string => {
  const entries = extra === '' ? 1 : 2;
  return `"\\x8${entries}\\xa4name\\xa${name.length}${name}${extra}"`;
};

export const LIBRARIES = [
  'SET lock:a mine NX PX 30000',
  'SET lock:a yours NX PX 30000',
  run(EXTEND, '1', 'lock:a', 'yours', '60000'),
  run(EXTEND, '1', 'lock:a', 'mine', '60000'),
  'SET lock:b mine PX 30000 NX',
  run(RELEASE_MANY, '2', 'lock:a', 'lock:b', 'yours'),
  run(RELEASE_MANY, '3', 'lock:a', 'lock:b', 'lock:c', 'mine'),
  'EXISTS lock:a lock:b',
  ...['one', 'one', 'two'].map((owner) => run(FENCED_LOCK, '2', 'fl', 'fl:token', owner, '30000')),
  'DEL fl',
  run(FENCED_LOCK, '2', 'fl', 'fl:token', 'two', '30000'),
  ...['0 3', '0 8', '1 2', '1.5 1', '10 10', '10 1'].map((words) =>
    run(TOKEN_BUCKET, '1', 'tb', '2', '10', words),
  ),
  'HGETALL tb',
  ...['1000 5000 2 a', '2000 5000 2 b', '3000 5000 2 c', '6500 5000 2 d'].map((words) =>
    run(SLIDING_WINDOW, '1', 'sw', words),
  ),
  'ZRANGE sw 0 -1 WITHSCORES',
  ...['1', '2', '1'].map((points) => run(FIXED_WINDOW, '1', 'fw', points, '60000')),
  '9:SUBSCRIBE q:finished',
  run(ADD_JOB, '1', 'q:', job('mail'), `'{"to":"a","n":[1,2.5]}'`, '1-1'),
  run(ADD_JOB, '1', 'q:', job('late', '\\xa5delay\\x05'), `'{"x":null}'`, '2-1'),
  run(ADD_JOB, '1', 'q:', job('top', '\\xa8priority\\x01'), `'[]'`, '3-1'),
  'XRANGE q:events - +',
  'ZRANGE q:delayed 0 -1 WITHSCORES',
  run(TAKE_JOB, '1', 'q:', '1', 'worker-1', '30000'),
  run(TAKE_JOB, '1', 'q:', '1', 'worker-2', '30000'),
  run(TAKE_JOB, '1', 'q:', '1', 'worker-2', '30000'),
  run(TAKE_JOB, '1', 'q:', '5', 'worker-2', '30000'),
  run(FINISH_JOB, '1', 'q:', '1', 'worker-2', '100', 'done'),
  run(FINISH_JOB, '1', 'q:', '1', 'worker-1', '100', 'done'),
  run(FINISH_JOB, '1', 'q:', '3', 'worker-2', '200', 'done'),
  'LRANGE q:active 0 -1',
  'HGETALL q:1',
  'HGETALL q:3',
  'MSET cached:1 a cached:2 b cached:3 c',
  'SADD tag:red cached:1 cached:2',
  'SADD tag:blue cached:2 cached:3',
  run(CACHE_TAGS, '0', 'red', 'blue', 'none'),
  'EXISTS cached:1 cached:2 cached:3 tag:red',
].join('\n');
