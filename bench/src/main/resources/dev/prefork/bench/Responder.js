// Node's side of the load: workers that answer every connection with a few bytes, among them their number.
'use strict';
const cluster = require('cluster');
const net = require('net');

if (cluster.isMaster) {
  cluster.on('listening', () => console.log('listening'));
  for (let i = 0; i < Number(process.argv[3]); i++) cluster.fork();
} else {
  const number = String(cluster.worker.id).padStart(2, '0');
  const response = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n' + number;
  net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(response));
  }).listen(Number(process.argv[2]), '127.0.0.1');
}
