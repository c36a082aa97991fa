'use strict';
// Server-sent events over all workers: what is posted to one reaches the clients of each.
const cluster = require('cluster');
const http = require('http');

if (cluster.isMaster) {
  cluster.on('message', (worker, what) => {
    for (const each of Object.values(cluster.workers))
      each.send(what);
  });
  cluster.fork();
  cluster.fork();
} else {
  const clients = new Set();
  process.on('message', (what) => {
    for (const client of clients)
      client.write(`data: ${what}\n\n`);
  });
  http.createServer((request, response) => {
    const { pathname, search } = new URL(request.url, 'http://localhost');
    if (pathname === '/events') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write(': welcome\n\n');
      clients.add(response);
      response.on('close', () => clients.delete(response));
    } else if (pathname === '/say') {
      process.send(decodeURIComponent(search.slice(1)));
      response.writeHead(204);
      response.end();
    } else {
      response.writeHead(404);
      response.end();
    }
  }).listen(Number(process.argv[2]));
}
