'use strict';
// A limit over all workers: 5 requests of each client in all, which the primary counts.
const cluster = require('cluster');
const http = require('http');

if (cluster.isMaster) {
  const counts = new Map();
  cluster.on('message', (worker, { id, client }) => {
    counts.set(client, (counts.get(client) || 0) + 1);
    worker.send({ id, allowed: counts.get(client) <= 5 });
  });
  cluster.fork();
  cluster.fork();
} else {
  const waiting = new Map();
  let lastId = 0;
  process.on('message', ({ id, allowed }) => {
    const { response, timer } = waiting.get(id) || {};
    waiting.delete(id);
    clearTimeout(timer);
    if (response)
      response.writeHead(allowed ? 200 : 429).end();
  });
  http.createServer((request, response) => {
    const id = ++lastId;
    const timer = setTimeout(() => {
      waiting.delete(id);
      response.destroy();
    }, 1000);
    waiting.set(id, { response, timer });
    process.send({ id, client: request.socket.remoteAddress });
  }).listen(Number(process.argv[2]));
}
