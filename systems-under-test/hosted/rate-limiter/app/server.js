// An API that answers each customer so many times an hour: the limiter as its README sets it up, in front of express.
import express from 'express';
import Redis from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';

const redis = new Redis({
  host: process.env.REDIS_HOST ?? 'localhost',
  connectTimeout: 1000,
  commandTimeout: 200,
  maxRetriesPerRequest: 1,
  retryStrategy: (attempt) => Math.min(attempt * 50, 500),
});
redis.on('error', (error) => console.error(`redis: ${error.message}`));

const limit = { points: Number(process.env.POINTS ?? 1000), duration: 3600 };
const limiter = new RateLimiterRedis({
  storeClient: redis,
  ...limit,
  // Better a limit for each server than none while Redis is away.
  ...(process.env.INSURANCE === 'on' && { insuranceLimiter: new RateLimiterMemory(limit) }),
});

const app = express();
app.post('/answers/:customer', async (request, response) => {
  const { consumedPoints, remainingPoints } = await limiter.consume(request.params.customer);
  response.set('X-RateLimit-Remaining', String(remainingPoints)).json({ answer: consumedPoints });
});
app.use((error, _request, response, _next) => {
  const isOver = error.consumedPoints !== undefined;
  response.status(isOver ? 429 : 503).json({ error: isOver ? 'too many' : error.message });
});

const server = app.listen(3000, () => console.log('answers on port 3000'));
process.on('SIGTERM', () => {
  server.close(() => {
    redis.disconnect();
    process.exit(0);
  });
});
