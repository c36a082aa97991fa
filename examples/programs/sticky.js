'use strict';
// A client always reaches the same worker: the primary accepts, and sends the connection to the one that the client's
// address says.
const cluster = require('cluster');
const net = require('net');

if (cluster.isMaster) {
  const workers = [cluster.fork(), cluster.fork()];
  const hash = (text) => [...text].reduce((sum, char) => (31 * sum + char.charCodeAt(0)) >>> 0, 0);
  net.createServer({ pauseOnConnect: true }, (client) => {
    workers[hash(client.remoteAddress) % workers.length].send('client', client);
  }).listen(Number(process.argv[2]));
} else {
  process.on('message', (message, client) => {
    if (!client)
      return;
    client.on('error', (gone) => console.error(gone));
    client.end(`worker ${cluster.worker.id}\n`);
  });
}
