'use strict';
// A worker of Node's own cluster that answers datagrams, on a port that it shares, with its id and what was in them.
// Arguments: the type of the socket and the address.
const cluster = require('cluster');
const dgram = require('dgram');

const [type, address] = process.argv.slice(2);
const socket = dgram.createSocket({ type });
socket.on('message', (message, from) => {
  socket.send(`node ${cluster.worker.id} ${message}`, from.port, from.address);
});
socket.on('error', (error) => process.send({ error: error.code }));
socket.bind({ port: 0, address }, () => {
  console.log('bound', cluster.worker.id, socket.address().port);
});
