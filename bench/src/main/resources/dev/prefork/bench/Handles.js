// Node's side of the handles: prints `begin handles` and `handles FIGURE`, as ours does.
'use strict';
const cluster = require('cluster');
const net = require('net');

const CONNECTIONS = 100;
const STREAM = 20000;
const UNACKNOWLEDGED = 1000;
const ACKNOWLEDGED_AT_ONCE = 100;

function receive() {
  let unacknowledged = 0;
  process.on('message', (message, socket) => {
    socket.destroy();
    if (++unacknowledged === ACKNOWLEDGED_AT_ONCE) {
      unacknowledged = 0;
      process.send('acknowledged');
    }
  });
}

function connect() {
  return new Promise((connected) => {
    const accepted = [];
    const server = net.createServer((socket) => accepted.push(socket)).listen(0, '127.0.0.1', async () => {
      const sockets = [];
      for (let i = 0; i < CONNECTIONS; i++) {
        sockets.push(await new Promise((done) => {
          const socket = net.connect(server.address().port, '127.0.0.1', () => done(socket));
        }));
      }
      connected(sockets);
    });
  });
}

function stream(worker, sockets) {
  return new Promise((done) => {
    let sent = 0;
    let unacknowledged = 0;
    const goOn = () => {
      while (sent < STREAM && unacknowledged < UNACKNOWLEDGED) {
        worker.send({ n: sent }, sockets[sent % CONNECTIONS], { keepOpen: true });
        sent++;
        unacknowledged++;
      }
    };
    worker.removeAllListeners('message');
    worker.on('message', () => {
      unacknowledged -= ACKNOWLEDGED_AT_ONCE;
      if (sent === STREAM && unacknowledged === 0) done();
      else goOn();
    });
    goOn();
  });
}

async function send(worker) {
  const sockets = await connect();
  await stream(worker, sockets); // to warm up
  console.log('begin handles');
  const begun = process.hrtime.bigint();
  await stream(worker, sockets);
  console.log('handles ' + STREAM / (Number(process.hrtime.bigint() - begun) / 1e9));
  worker.process.kill();
  process.exit();
}

if (cluster.isMaster) send(cluster.fork());
else receive();
