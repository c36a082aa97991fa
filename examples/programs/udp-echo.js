'use strict';
// Datagrams are sent back by whichever worker reads them: they share the socket.
const cluster = require('cluster');
const dgram = require('dgram');

if (cluster.isMaster) {
  cluster.fork();
  cluster.fork();
} else {
  const socket = dgram.createSocket('udp4');
  socket.on('error', (error) => {
    console.error(error.message);
    process.exit(1);
  });
  socket.on('message', (bytes, from) => {
    socket.send(bytes, from.port, from.address, (error) => {
      if (error)
        console.error(error.message);
    });
  });
  socket.bind(Number(process.argv[2]));
}
