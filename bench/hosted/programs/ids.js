// Ids that nobody else gets, as a service with express and ioredis counts them.
import express from 'express';
import Redis from 'ioredis';

const redis = new Redis({ host: process.env.REDIS_HOST ?? 'localhost' });
const app = express();
app.use(express.json());
app.post('/ids', async (_request, response) => {
  response.status(201).json({ id: await redis.incr('ids') });
});
app.listen(Number(process.env.PORT ?? 3000));
