import express from 'express';

// A register per key, in memory.
const values = new Map<string, unknown>();
const app = express();
app.use(express.json());

app.get('/healthz', (_request, response) => {
  response.send('ok');
});
app.get('/registers/:key', (request, response) => {
  response.json({ value: values.get(request.params.key) ?? null });
});
app.put('/registers/:key', (request, response) => {
  values.set(request.params.key, request.body.value);
  response.sendStatus(204);
});

const server = app.listen(3000, () => console.log('listening on port 3000'));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
