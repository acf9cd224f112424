export { COMMANDS } from './commands/index.ts';
export type { EngineOptions } from './engine.ts';
export type { Alarm, Environment, Link, LinkEvents } from './environment.ts';
export { type RedisOptions, redis, startRedis } from './host/redis.ts';
export { type SentinelProgram, startSentinel } from './host/sentinel.ts';
export { type Peer, RespServer, type ServerConnection } from './server.ts';
