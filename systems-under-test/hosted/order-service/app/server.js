// Takes orders: POST /orders/:id charges the customer for this order, once, however often the request is sent.
import { randomUUID } from 'node:crypto';
import express from 'express';
import { withLock } from './lock.js';
import * as payments from './payments-client.js';
import { redis } from './redis.js';

const app = express();
app.use(express.json());

app.get('/healthz', async (_request, response) => {
  await redis.ping();
  response.json({ ok: true });
});

app.post('/orders/:id', async (request, response) => {
  const { id } = request.params;
  const charge = await withLock(`order:${id}`, async (token) => {
    // Another request for this order may have been here before, even if its caller never heard of it.
    const existing = await payments.find(id, token);
    if (existing !== undefined) return existing;
    return payments.charge({ order: id, charge: randomUUID(), amount: request.body.amount }, token);
  });
  response.status(201).json(charge);
});

app.use((error, _request, response, _next) => {
  console.error(error.message);
  response.status(error.status ?? 503).json({ error: error.message });
});

const port = Number(process.env.PORT ?? 3000);
const server = app.listen(port, () => console.log(`orders on port ${port}`));

process.on('SIGTERM', () => {
  server.close(() => {
    redis.disconnect();
    process.exit(0);
  });
});
