// As little as a server of HTTP can do: the next number.
import http from 'node:http';

let last = 0;
const server = http.createServer((_request, response) => response.end(String(++last)));
server.listen(Number(process.env.PORT ?? 3000));
