// Node's side of the load: two workers that answer every connection with the same few bytes.
'use strict';
const cluster = require('cluster');
const net = require('net');

const response = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok';

if (cluster.isMaster) {
  cluster.on('listening', () => console.log('listening'));
  cluster.fork();
  cluster.fork();
} else {
  net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(response));
  }).listen(Number(process.argv[2]), '127.0.0.1');
}
