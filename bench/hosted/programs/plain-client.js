// One connection, which is kept open, for each client.
import http from 'node:http';

const agent = new http.Agent({ keepAlive: true });
const address = { agent, host: process.env.SERVER ?? 'api', port: Number(process.env.PORT ?? 3000) };

export default () => ({
  invoke: () =>
    new Promise((resolve, reject) => {
      const request = http.get(address, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part) => {
          text += part;
        });
        response.on('end', () => resolve({ type: 'ok', value: Number(text) }));
      });
      request.on('error', reject);
    }),
});
