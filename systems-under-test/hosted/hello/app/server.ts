import express from 'express';

// A register for each key, in memory: a process that dies forgets them.
const values = new Map<string, unknown>();
const app = express();
app.use(express.json());

app.get('/registers/:key', (request, response) => {
  response.json({ value: values.get(request.params.key) ?? null });
});
app.put('/registers/:key', (request, response) => {
  values.set(request.params.key, request.body.value);
  response.sendStatus(204);
});
app.post('/registers/:key/swap', (request, response) => {
  const { key } = request.params;
  const swaps = (values.get(key) ?? null) === request.body.from;
  if (swaps) values.set(key, request.body.to);
  response.sendStatus(swaps ? 204 : 409);
});

const server = app.listen(3000, () => console.log('listening on port 3000'));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
