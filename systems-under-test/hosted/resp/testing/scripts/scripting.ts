export const SCRIPTING = String.raw`
EVAL "return 1" 0
EVAL "return 'str'" 0
EVAL "return 3.99" 0
EVAL "return -3.99" 0
EVAL "return true" 0
EVAL "return false" 0
EVAL "return nil" 0
EVAL "return" 0
EVAL "return {1,2,'three',{4,5}}" 0
EVAL "return {1,nil,3}" 0
EVAL "return {}" 0
EVAL "return {ok='fine'}" 0
EVAL "return {err='ERR bad'}" 0
EVAL "return {err='MYCODE bad'}" 0
EVAL "return redis.error_reply('MYERR text')" 0
EVAL "return redis.error_reply('single')" 0
EVAL "return redis.error_reply('-DASH text')" 0
EVAL "return redis.status_reply('GOOD')" 0
EVAL "return KEYS" 2 a b c
EVAL "return ARGV" 2 a b c d
EVAL "return {KEYS[1],KEYS[2],ARGV[1],#KEYS,#ARGV}" 2 a b c d
EVAL "return 1" -1
EVAL "return 1" 3 a
EVAL "return 1" x
EVAL "return 1"
EVAL "return redis.call('SET', KEYS[1], ARGV[1])" 1 k v
EVAL "return redis.call('GET', KEYS[1])" 1 k
EVAL "return redis.call('GET', 'missing')" 0
EVAL "return redis.call('GET', 'missing') == false" 0
EVAL "return type(redis.call('SET', 'a', 1)['ok'])" 0
EVAL "return redis.call('INCR', 'n')" 0
EVAL "return redis.call('INCRBY', 'n', 2.0)" 0
EVAL "return redis.call('SET', 'f', 0.1)" 0
GET f
EVAL "return redis.call('SET', 'f', 1e20)" 0
GET f
EVAL "return redis.call('SET', 'f', 12345678901234567)" 0
GET f
EVAL "return redis.call('LPUSH', 'k', 'x')" 0
EVAL "return redis.pcall('LPUSH', 'k', 'x')" 0
EVAL "return redis.pcall('LPUSH', 'k', 'x').err" 0
EVAL "local ok, e = pcall(redis.call, 'LPUSH', 'k', 'x') return {tostring(ok), type(e), e.err}" 0
EVAL "local ok, e = pcall(function() error('boom') end) return e" 0
EVAL "local ok, e = pcall(error, {code=5}) return e.code" 0
EVAL "error('boom')" 0
EVAL "error({err='MY problem'})" 0
EVAL "error('boom', 0)" 0
EVAL "return redis.call('NOSUCH')" 0
EVAL "return redis.call('GET')" 0
EVAL "return redis.call()" 0
EVAL "return redis.call('SET', 'a', {})" 0
EVAL "return redis.call('SET', 'a', true)" 0
EVAL "return redis.pcall('NOSUCH')" 0
EVAL "return redis.call('SUBSCRIBE', 'x')" 0
EVAL "return redis.call('MULTI')" 0
EVAL "return redis.call('BLPOP', 'nokey', 0)" 0
EVAL "return redis.call('EVAL', 'return 1', 0)" 0
EVAL "x = 1" 0
EVAL "return x" 0
EVAL "return undefinedfunction()" 0
EVAL "local t = nil return t.x" 0
EVAL "local t = {} return t.a.b" 0
EVAL "local t = {} t.a.b = 1" 0
EVAL "local t = {} return t()" 0
EVAL "local t = {} return t.f()" 0
EVAL "local s = 'a' return s:nomethod()" 0
EVAL "return 1 + nil" 0
EVAL "local a = 'x' return a + 1" 0
EVAL "return 'a' .. {}" 0
EVAL "local t = {} return 1 < t" 0
EVAL "return {} < {}" 0
EVAL "return 'a' < 1" 0
EVAL "return #nil" 0
EVAL "return '10' + 5" 0
EVAL "return 10 .. 20" 0
EVAL "return 7 % 3" 0
EVAL "return -7 % 3" 0
EVAL "return 2 ^ 10" 0
EVAL "return tostring(10 / 4)" 0
EVAL "return tostring(1e15)" 0
EVAL "return tostring(1e14)" 0
EVAL "return tostring(123456789012345)" 0
EVAL "return tostring(0.1)" 0
EVAL "return tostring(1/0)" 0
EVAL "return tostring(-1/0)" 0
EVAL "return tostring(3.0)" 0
EVAL "return tostring(nil)" 0
EVAL "return tostring(true)" 0
EVAL "return tonumber('0x10')" 0
EVAL "return tonumber('abc')" 0
EVAL "return tonumber('  5  ')" 0
EVAL "return tonumber('ff', 16)" 0
EVAL "return tonumber('zz', 36)" 0
EVAL "return tonumber('8', 8)" 0
EVAL "return tonumber('')" 0
EVAL "return tostring(tonumber('1e3'))" 0
EVAL "return type(nil)" 0
EVAL "return {type(1), type('a'), type({}), type(print), type(true)}" 0
EVAL "local a, b = 1 return tostring(b)" 0
EVAL "local function f(...) return select('#', ...), ... end return {f(1, nil, 3)}" 0
EVAL "local function f(...) local t = {...} return #t end return f(1,2,3)" 0
EVAL "return select(2, 'a', 'b', 'c')" 0
EVAL "return select(-1, 'a', 'b', 'c')" 0
EVAL "local t = {} for i = 1, 5 do t[i] = i * i end return t" 0
EVAL "local t = {} for i = 10, 1, -3 do t[#t+1] = i end return t" 0
EVAL "local t = {} for k, v in ipairs({'a','b',nil,'d'}) do t[k] = v end return t" 0
EVAL "local n = 0 for k, v in pairs({a=1,b=2,c=3}) do n = n + v end return n" 0
EVAL "local i = 0 while true do i = i + 1 if i > 5 then break end end return i" 0
EVAL "local i = 0 repeat local j = i i = i + 1 until j >= 3 return i" 0
EVAL "local t = {5,2,8,1} table.sort(t) return t" 0
EVAL "local t = {5,2,8,1} table.sort(t, function(a,b) return a > b end) return t" 0
EVAL "local t = {1,2,3} table.insert(t, 4) table.insert(t, 1, 0) return t" 0
EVAL "local t = {1,2,3} local r = table.remove(t, 1) return {r, t}" 0
EVAL "local t = {1,2,3} return {table.remove(t), #t}" 0
EVAL "return table.concat({1,2,'x'}, '-')" 0
EVAL "return table.concat({})" 0
EVAL "return {unpack({1,2,3})}" 0
EVAL "return {unpack({1,2,3}, 2)}" 0
EVAL "return #'hello'" 0
EVAL "return {string.byte('ABC', 1, -1)}" 0
EVAL "return string.char(72, 105)" 0
EVAL "return {string.find('hello world', 'wor')}" 0
EVAL "return {string.find('hello', 'l+')}" 0
EVAL "return {string.find('a.b', '.', 1, true)}" 0
EVAL "return {string.find('hello', '(l)(l)')}" 0
EVAL "return {string.find('abc', 'x')}" 0
EVAL "return {string.match('key:123:abc', '(%a+):(%d+):(%a+)')}" 0
EVAL "return string.match('  trim  ', '^%s*(.-)%s*$')" 0
EVAL "return {string.gsub('hello world', 'o', '0')}" 0
EVAL "return {string.gsub('hello', '', '-')}" 0
EVAL "return {string.gsub('abc', '%w', '%0%0')}" 0
EVAL "return {string.gsub('$name is $age', '%$(%w+)', {name='Bob', age=5})}" 0
EVAL "return {string.gsub('abc', '.', function(c) if c == 'b' then return 'X' end end)}" 0
EVAL "local t = {} for k, v in string.gmatch('a=1, b=2', '(%w+)=(%w+)') do t[#t+1] = k .. v end return t" 0
EVAL "local t = {} for w in ('one two'):gmatch('%a+') do t[#t+1] = w end return t" 0
EVAL "return string.format('%d %s %5.2f %x %q %%', 42, 'str', 3.14159, 255, 'a\"b')" 0
EVAL "return string.format('%05d|%-5s|%5s|%+d', 42, 'ab', 'cd', 7)" 0
EVAL "return string.format('%g %g %g', 1e20, 0.1, 100)" 0
EVAL "return string.format('%s', nil)" 0
EVAL "return string.format('%d', 'x')" 0
EVAL "return string.format('%.3s|', 'abcdef')" 0
EVAL "return string.format('%c%c', 72, 105)" 0
EVAL "return string.format('%e', 12345.678)" 0
EVAL "return {string.upper('abc'), string.lower('ABC'), string.rep('ab', 3), string.reverse('abc'), string.sub('hello', 2, -2)}" 0
EVAL "return string.sub('hello', -3)" 0
EVAL "return {math.floor(3.7), math.ceil(3.2), math.max(1,5,3), math.min(4,2), math.abs(-3), math.fmod(7,3)}" 0
EVAL "return tostring(math.sqrt(2))" 0
EVAL "return tostring(math.pi)" 0
EVAL "return tostring(math.huge)" 0
EVAL "return tostring(math.random())" 0
EVAL "return {math.random(100), math.random(100), math.random(5, 10)}" 0
EVAL "math.randomseed(42) return {math.random(1000), math.random(1000)}" 0
EVAL "return cjson.encode({1,2,3})" 0
EVAL "return cjson.encode({a=1})" 0
EVAL "return cjson.encode({})" 0
EVAL "return cjson.encode({a={b={1,2}}})" 0
EVAL "return cjson.encode('a\"b/c')" 0
EVAL "return cjson.encode(1.5)" 0
EVAL "return cjson.encode(1e15)" 0
EVAL "return cjson.encode(true)" 0
EVAL "return cjson.encode(cjson.null)" 0
EVAL "return cjson.encode({1,2,nil,4})" 0
EVAL "return cjson.encode({[1]=1,[20]=2})" 0
EVAL "return cjson.encode(print)" 0
EVAL "return cjson.encode(1/0)" 0
EVAL "return cjson.decode('{\"a\":[1,2,{\"b\":null}]}').a[2]" 0
EVAL "return cjson.decode('[1,2,3]')" 0
EVAL "return cjson.decode('{\"a\":null}').a == cjson.null" 0
EVAL "return cjson.decode('\"\\u00e9\\n\"')" 0
EVAL "return cjson.decode('invalid')" 0
EVAL "return cjson.decode('[1,2')" 0
EVAL "return cjson.decode('{\"a\" 1}')" 0
EVAL "return cjson.decode('')" 0
EVAL "return cjson.decode('[] x')" 0
EVAL "return cmsgpack.pack({1,2,'abc',true,false})" 0
EVAL "return cmsgpack.pack({a=1})" 0
EVAL "return cmsgpack.pack(300, -5, -200, 70000, 1.5, 0.1, nil)" 0
EVAL "return cmsgpack.unpack(cmsgpack.pack({1,{2,3},'x'}))" 0
EVAL "return cmsgpack.unpack(ARGV[1]).name" 0 "\x81\xa4name\xa3job"
EVAL "return {bit.band(12, 10), bit.bor(12, 10), bit.bxor(12, 10), bit.bnot(0), bit.lshift(1, 4), bit.rshift(-1, 28), bit.tohex(255)}" 0
EVAL "return redis.sha1hex('')" 0
EVAL "return redis.sha1hex('The quick brown fox jumps over the lazy dog')" 0
EVAL "return redis.sha1hex()" 0
EVAL "local mt = {__index = function(t, k) return k .. '!' end} local t = setmetatable({}, mt) return t.hey" 0
EVAL "local t = setmetatable({}, {__call = function(self, a) return a * 2 end}) return t(21)" 0
EVAL "local t = setmetatable({}, {__add = function(a, b) return 99 end}) return t + 1" 0
EVAL "local function fact(n) if n <= 1 then return 1 end return n * fact(n - 1) end return fact(10)" 0
EVAL "local fs = {} for i = 1, 3 do fs[i] = function() return i end end return {fs[1](), fs[2](), fs[3]()}" 0
EVAL "local a = 1 do local a = 2 end return a" 0
EVAL "local t = {f = function(self, x) return x end} return t:f(5)" 0
EVAL "return (function() return 1, 2 end)()" 0
EVAL "return {(function() return 1, 2 end)(), 10}" 0
EVAL "return not nil" 0
EVAL "return nil or 'default'" 0
EVAL "return false and 1 or 2" 0
EVAL "return 1 == 1.0" 0
EVAL "return '1' == 1" 0
EVAL "return [[long string]]" 0
EVAL "--comment\nreturn 1 --[[ block\n ]] " 0
EVAL "return 'a\\nb'" 0
EVAL "if x then" 0
EVAL "return +" 0
EVAL "local = 5" 0
EVAL "for i = 1 do end" 0
EVAL "return 'unfinished" 0
EVAL "a.b.c" 0
EVAL "goto x" 0
EVAL "break" 0
EVAL "return 5 5" 0
EVAL "\n\nerror('line three')" 0
EVAL "redis.call('SELECT', 1) return redis.call('SET', 'in1', 'x')" 0
EXISTS in1
EVAL "return redis.call('HGETALL', 'nohash')" 0
HSET h a 1 b 2
EVAL "return redis.call('HGETALL', 'h')" 0
ZADD z 1.5 m
EVAL "return redis.call('ZSCORE', 'z', 'm')" 0
EVAL "redis.setresp(3) return redis.call('HGETALL', 'h')['map']['a']" 0
EVAL "redis.setresp(3) return redis.call('ZSCORE', 'z', 'm')" 0
EVAL "redis.setresp(4)" 0
EVAL "return redis.call('PING')" 0
EVAL "return redis.call('EXISTS', 'h') == 1" 0
EVAL "return redis.call('TYPE', 'h').ok" 0
EVAL "return redis.call('TIME')[1] + 0 > 1000" 0
SCRIPT LOAD "return ARGV[1]"
EVALSHA 098e0f0d1448c0a81dafe820f66d460eb09263da 0 hi
EVALSHA ffffffffffffffffffffffffffffffffffffffff 0
EVALSHA short 0
SCRIPT EXISTS 098e0f0d1448c0a81dafe820f66d460eb09263da ffff
SCRIPT LOAD "return +"
SCRIPT LOAD
SCRIPT FLUSH
SCRIPT EXISTS 098e0f0d1448c0a81dafe820f66d460eb09263da
SCRIPT FLUSH WHAT
SCRIPT KILL
EVAL_RO "return redis.call('GET', KEYS[1])" 1 k
EVAL_RO "return redis.call('SET', KEYS[1], 'v')" 1 k
EVAL "#!lua flags=no-writes\nreturn redis.call('SET', 'a', 'b')" 0
EVAL "#!lua\nreturn 5" 0
EVAL "return tostring(next({}))" 0
EVAL "return rawequal('a', 'a')" 0
EVAL "return #redis.call('KEYS', 'nomatch*')" 0
EVAL "return math.floor" 0
EVAL "string.x = 1" 0
EVAL "redis.foo = 1" 0
EVAL "return redis.foo" 0
EVAL "return assert(false, 'msg')" 0
EVAL "return assert(nil)" 0
EVAL "return assert(5, 'x')" 0
EVAL "return loadstring('return 5')()" 0
EVAL "local t = {1,2,3,n=1} local c = 0 for k in pairs(t) do t[k] = nil c = c + 1 end return c" 0
EVAL "return string.rep('x', 3, ',')" 0
EVAL "local a <const> = 1" 0
EVAL "return 0x1F" 0
EVAL "return 1e2" 0
EVAL "return .5 + .5" 0
EVAL "return 5 // 2" 0
EVAL "return {1, 2, err=nil, 3}" 0
EVAL "return redis.REDIS_VERSION_NUM > 0x00070000" 0
EVAL "return redis.LOG_WARNING" 0
EVAL "redis.log(redis.LOG_DEBUG, 'x') return 'logged'" 0
EVAL "return table.getn({1,2})" 0
EVAL "return {string.find('abc', 'b', -1)}" 0
EVAL "return {('x'):rep(3), ('%d'):format(7)}" 0
EVAL "return string.find('a+b', '+', 1, true)" 0
EVAL "return {string.match('2024-01-15', '(%d+)-(%d+)-(%d+)')}" 0
EVAL "return {string.find('f(a(b)c)d', '%b()')}" 0
EVAL "return {string.gsub('THE (quick) fox', '%f[%a]%a+', 'X')}" 0
EVAL "return string.match('hello', '()ll()')" 0
EVAL "return string.find('a', '[a')" 0
EVAL "return string.find('a', '%')" 0
EVAL "return string.gsub('a', '(', 'x')" 0
%HELLO 3
EVAL "return true" 0
EVAL "return false" 0
EVAL "return {double=3.5}" 0
EVAL "return {map={a=1}}" 0
EVAL "return nil" 0
EVAL "redis.setresp(3) return redis.call('HGETALL', 'h')" 0
EVAL "redis.setresp(3) return true" 0
EVAL "redis.setresp(3) return redis.call('GET', 'nokey')" 0
EVAL "return redis.call('ZSCORE', 'z', 'm')" 0
`;
