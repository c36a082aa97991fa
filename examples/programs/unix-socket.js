'use strict';
// Workers that share a Unix socket.
const cluster = require('cluster');
const net = require('net');

if (cluster.isMaster) {
  cluster.fork();
  cluster.fork();
} else {
  const server = net.createServer((client) => {
    client.on('error', (error) => {
      console.error(error.message);
    });
    client.end(`worker ${cluster.worker.id}\n`);
  });
  server.on('error', (error) => {
    console.error(error.message);
    process.exit(1);
  });
  server.listen(process.argv[2]);
}
