'use strict';
// A worker that serves connections without HTTP: one line, its id. Arguments: what to listen on, as the JSON of
// server.listen's options.
const cluster = require('cluster');
const net = require('net');

net.createServer((connection) => connection.end(`node ${cluster.worker.id}\n`))
  .listen(JSON.parse(process.argv[2]));
