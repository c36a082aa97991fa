'use strict';
// Node's side of a primary and a worker that send each other handles; the Java side is HandleProgram.
// As a primary its argument is the JSON of its worker: {execPath, execArgv, exec, args}.
const cluster = require('cluster');
const dgram = require('dgram');
const net = require('net');
const readline = require('readline');

const HOST = '127.0.0.1';

function say(...words) {
  console.log(words.join(' '));
}

// A server that hands on every connection, and is asked about them afterwards.
let counting;

function serve(name, kind, handle) {
  if (kind === 'held')
    handle.on('end', () => handle.end()).resume();
  else if (handle instanceof net.Socket)
    handle.end(`${name}\n`);
  else if (handle instanceof net.Server) {
    const { address, port } = handle.address();
    say(name, 'listens on', address, port);
    handle.on('connection', (socket) => socket.end(`${name}\n`));
  }
  else
    handle.on('message', (message, from) => handle.send(name, from.port, from.address));
}

const kinds = {
  SocketChannel: (other, kind) => {
    const server = net.createServer({ pauseOnConnect: true }, (socket) => {
      other.send({ kind }, socket);
      server.close();
    });
    server.listen({ port: 0, host: HOST, exclusive: true }, () => say('port', server.address().port));
  },
  ServerSocketChannel: (other, kind) => {
    const server = net.createServer();
    server.listen({ port: 0, host: HOST, exclusive: true }, () => {
      const { port } = server.address();
      other.send({ kind }, server, () => server.close());
      say('port', port);
    });
  },
  DatagramChannel: (other, kind) => {
    const socket = dgram.createSocket('udp4');
    socket.bind({ port: 0, address: HOST, exclusive: true }, () => {
      const { port } = socket.address();
      other.send({ kind }, socket, () => socket.close());
      say('udp', port);
    });
  },
  counting: (other) => {
    counting = net.createServer({ pauseOnConnect: true }, (socket) => other.send({ kind: 'held' }, socket));
    counting.listen({ port: 0, host: HOST, exclusive: true }, () => say('port', counting.address().port));
  },
  count: () => counting.getConnections((error, count) => say('connections', error || count)),
  close: () => counting.close(() => say('server closed')),
};

function received(name, other, message, handle) {
  if (message.order) {
    kinds[message.order](other, message.order);
  } else {
    say(name, 'got', message.kind, handle ? 'with a handle' : 'without a handle');
    if (handle)
      serve(name, message.kind, handle);
  }
}

if (cluster.isMaster) {
  const { execPath, execArgv, exec, args } = JSON.parse(process.argv[2]);
  process.execPath = execPath;
  cluster.setupMaster({ execArgv, exec, args });
  const worker = cluster.fork();
  worker.on('message', (message, handle) => received('primary', worker, message, handle));
  readline.createInterface({ input: process.stdin }).on('line', (line) => {
    const [order, kind] = line.split(' ');
    if (order === 'give')
      kinds[kind](worker, kind);
    else
      worker.send({ order: kind });
  });
} else {
  process.on('message', (message, handle) => received('worker', process, message, handle));
}
