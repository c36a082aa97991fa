// Node's side of HTTP: so many workers that answer every request with the same two bytes.
'use strict';
const cluster = require('cluster');
const http = require('http');

if (cluster.isMaster) {
  for (let i = 0; i < Number(process.argv[3]); i++) cluster.fork();
} else {
  http.createServer((request, response) => {
    response.writeHead(200, { 'Content-Length': 2 });
    response.end('ok');
  }).listen(Number(process.argv[2]), '127.0.0.1');
}
