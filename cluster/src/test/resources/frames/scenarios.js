'use strict';
// What is captured: each scenario is a primary and its workers that say to each other what the scenario is named after.
// `node scenarios.js NAME` is the primary of a scenario; `node scenarios.js` prints all names, each with its policy.
const cluster = require('cluster');
const dgram = require('dgram');
const fs = require('fs');
const https = require('https');
const net = require('net');
const { execFileSync } = require('child_process');

const HOST = '127.0.0.1';
const NOBODY = 65534;

// ---- what the workers do ----

// Listens, and goes on when it does or cannot.
function listening(server, options) {
  return new Promise((go) => {
    server.on('error', go);
    if (server instanceof dgram.Socket)
      server.bind(options, () => go(server));
    else
      server.listen(options, () => go(server));
  });
}

// Listens on one after the other, and closes each before the next.
async function inTurn(create, listens) {
  for (const options of listens) {
    const server = create(options);
    if (await listening(server, options) === server)
      await new Promise((go) => server.close(go));
  }
}

// Listens on all of them at once, and stays.
async function together(create, listens) {
  for (const options of listens)
    await listening(create(options), options);
}

// By itself, if the primary does not end it before: with its last frames written.
function leave() {
  setTimeout(() => process.connected && process.disconnect(), 100);
}

const tcp = () => net.createServer();
const answering = () => net.createServer((socket) => socket.end('answer'));
const udp = ({ type, ipv6Only, reuseAddr }) => dgram.createSocket({ type: type || 'udp4', ipv6Only, reuseAddr });

const TCP = [
  { port: 0 },
  { port: 0, host: HOST },
  { port: 0, host: '::1' },
  { port: 0, host: '::', ipv6Only: true },
  { port: 0, host: HOST, backlog: 7 },
  { port: 0, host: HOST, exclusive: false },
  { port: 0, host: 'localhost' },
  { port: 21573, host: HOST },
];
const UNIX = [
  { path: 'relative.sock' },
  { path: `${process.cwd()}/absolute.sock` },
  { path: 'open.sock', readableAll: true, writableAll: true, backlog: 3 },
  { path: '\0prefork-frames' },
];
const ERRORS = () => [
  { port: Number(process.env.TAKEN), host: HOST },
  { port: 80, host: HOST },
  { port: 0, host: '192.0.2.1' },
  { path: 'taken.sock' },
  { path: 'missing/some.sock' },
  { fd: 999 },
  { fd: Number(process.env.NO_SOCKET) },
];
const UDP = [
  { port: 0 },
  { port: 0, address: HOST },
  { port: 0, address: HOST, exclusive: false },
  { port: 0, type: 'udp4', address: HOST, reuseAddr: true },
  { port: 0, type: 'udp6', address: '::1' },
  { port: 0, type: 'udp6', ipv6Only: true },
];

// ---- what the primaries do ----

const kept = [];

// Bound sockets that workers are told of by their number. Nothing in the primary may watch them: that would be EEXIST.
async function withSockets() {
  const { TCP, constants: { SERVER } } = process.binding('tcp_wrap');
  const { Pipe, constants } = process.binding('pipe_wrap');
  const { UDP } = process.binding('udp_wrap');
  const sockets = { TCP: new TCP(SERVER), UNIX: new Pipe(constants.SERVER), UDP: new UDP() };
  kept.push(sockets);
  if (sockets.TCP.bind(HOST, 0) || sockets.UNIX.bind('kept.sock') || sockets.UDP.bind(HOST, 0, 0))
    throw new Error('cannot bind');
  return { TCP: sockets.TCP.fd, UNIX: sockets.UNIX.fd, UDP: sockets.UDP.fd };
}

// A port that is taken, a descriptor that is no socket, and no right to what only root may have.
async function withErrors() {
  const taken = await listening(tcp(), { port: 0, host: HOST });
  await listening(tcp(), { path: 'taken.sock' });
  const udpTaken = await listening(udp({}), { port: 0, address: HOST });
  const noSocket = fs.openSync('/dev/null', 'r');
  fs.chmodSync('.', 0o777);
  process.setuid(NOBODY);
  return { TAKEN: taken.address().port, UDP_TAKEN: udpTaken.address().port, NO_SOCKET: noSocket };
}

function connect({ port, address }) {
  const socket = port > 0 ? net.connect(port, address || HOST) : net.connect(address);
  return socket.on('error', () => {}).resume();
}

// Each kind of handle, one after the other; servers last, because the receiver's would take our connections. Not the server of a
// path to a worker: Node takes its descriptor's number for one of the primary's there.
async function sendHandles(other) {
  const send = (name, handle) => new Promise((go) => other.send({ name }, handle, go));
  const alone = (options) => ({ ...options, exclusive: true });
  const server = await listening(tcp(), alone({ port: 0, host: HOST }));
  const [first, socket] = await pair(server);
  const [second, native] = await pair(server);
  await send('net.Socket', socket);
  await send('net.Native of a connection', native._handle);
  const datagrams = await listening(udp({}), alone({ port: 0, address: HOST }));
  await send('dgram.Socket', datagrams);
  await send('dgram.Native', datagrams._handle);
  await send('net.Native of a server', server._handle);
  await send('net.Server', server);
  const unix = await listening(tcp(), alone({ path: `handles-${cluster.isMaster}.sock` }));
  if (cluster.isWorker)
    await send('net.Server of a path', unix);
  for (const each of [server, unix, first, second, native, datagrams])
    each.close ? each.close() : each.destroy();
}

// A connection of the server, which does not read: its client's end and its own.
function pair(server) {
  server.pauseOnConnect = true;
  return new Promise((go) => {
    const client = net.connect(server.address().port, HOST);
    client.on('error', () => {});
    server.once('connection', (socket) => go([client, socket]));
  });
}

// A server in the primary whose connections are a worker's, asked for their number, then closed.
async function countConnections(worker) {
  const server = await listening(tcp(), { port: 0, host: HOST });
  const [client, socket] = await pair(server);
  worker.send({ name: 'kept open' }, socket, () => {
    server.getConnections(() => {
      server.close(() => setTimeout(() => worker.process.disconnect(), 100));
      setTimeout(() => client.destroy(), 100);
    });
  });
}

const scenarios = {
  'listen-tcp': { worker: () => inTurn(tcp, TCP) },
  'listen-unix': { worker: () => inTurn(tcp, UNIX) },
  'listen-fd': {
    prepare: withSockets,
    worker: () => inTurn(tcp, [{ fd: Number(process.env.TCP) }, { fd: Number(process.env.UNIX) }]),
  },
  // The second worker asks for what the first has, in the same order; each port 0 has an index.
  'listen-two-workers': {
    workers: 2,
    worker: () => together(tcp, [{ port: 0, host: HOST }, { port: 0, host: HOST }, { path: 'both.sock' }]),
  },
  // Ticket keys travel as data.
  'listen-tls': { workers: 2, worker: () => together(() => https.createServer({}), [{ port: 0, host: HOST }]) },
  'listen-errors': { prepare: withErrors, worker: () => inTurn(tcp, ERRORS()) },
  'datagrams': {
    prepare: withSockets,
    worker: async () => {
      await inTurn(udp, UDP);
      await inTurn(udp, [{ fd: Number(process.env.UDP) }]);
    },
  },
  'datagrams-two-workers': { workers: 2, worker: () => together(udp, [{ port: 0, address: HOST }]) },
  'datagrams-errors': {
    prepare: withErrors,
    worker: () => inTurn(udp, [
      { port: Number(process.env.UDP_TAKEN), address: HOST },
      { port: 80, address: HOST },
      { port: 0, address: '192.0.2.1' },
      { fd: 999 },
      { fd: Number(process.env.NO_SOCKET) },
    ]),
  },

  'connections': {
    workers: 2,
    policies: ['rr'],
    worker: () => together(answering, [{ port: 21574, host: HOST }, { path: `${process.cwd()}/answering.sock` }]),
    listening: (worker, address) => worker.id === 2 && [1, 2, 3].forEach(() => connect(address)),
  },
  // The worker closes its server while a connection is on its way to it.
  'connection-to-closed': {
    policies: ['rr'],
    worker: async () => {
      const server = await listening(answering(), { port: 0, host: HOST });
      execFileSync('sleep', ['0.4']);
      server.close();
    },
    listening: (worker, address) => connect(address),
  },
  'connection-over-limit': {
    policies: ['rr'],
    worker: () => {
      const server = net.createServer((socket) => setTimeout(() => socket.destroy(), 20));
      server.maxConnections = 1;
      setTimeout(leave, 1000);
      return listening(server, { port: 0, host: HOST }).then(() => new Promise(() => {}));
    },
    listening: (worker, address) => connect(address).on('connect', () => connect(address)),
  },

  'disconnect-by-primary': {
    worker: () => together(tcp, [{ port: 0, host: HOST }]).then(() => new Promise(() => {})),
    listening: (worker) => worker.disconnect(),
  },
  'disconnect-by-worker': {
    worker: () => together(tcp, [{ port: 0, host: HOST }]).then(() => {
      cluster.worker.disconnect();
      return new Promise(() => {});
    }),
  },
  'kill-by-primary': {
    worker: () => together(tcp, [{ port: 0, host: HOST }]).then(() => new Promise(() => {})),
    listening: (worker) => worker.kill(),
  },
  'kill-by-worker': {
    worker: () => together(tcp, [{ port: 0, host: HOST }]).then(() => {
      cluster.worker.kill();
      return new Promise(() => {});
    }),
  },

  'handles-to-worker': {
    policies: ['rr'],
    worker: () => new Promise(() => process.on('message', (message, handle) => handle && handle.unref && handle.unref())),
    online: (worker) => sendHandles(worker).then(() => setTimeout(() => worker.process.disconnect(), 300)),
  },
  'handles-to-primary': { policies: ['rr'], worker: () => sendHandles(process) },
  'socket-counting': {
    policies: ['rr'],
    worker: () => new Promise(() => process.on('message', (message, socket) => {
      socket.on('end', () => socket.destroy()).on('error', () => {}).resume();
    })),
    online: countConnections,
  },
  // The worker has no descriptor left to take the handle with.
  'handle-lost': {
    policies: ['rr'],
    descriptors: 64,
    worker: () => {
      process.on('message', () => setTimeout(leave, 300));
      try {
        for (;;)
          fs.openSync('/dev/null', 'r');
      } catch (error) {
        fs.writeSync(1, 'full\n');
      }
      return new Promise((go) => setTimeout(go, 1000));
    },
    full: async (worker) => {
      const server = await listening(tcp(), { port: 0, host: HOST });
      const [, socket] = await pair(server);
      worker.send({ name: 'lost' }, socket); // Is sent again.
      worker.send({ name: 'lost as well' }, server); // Is not.
      worker.disconnect(); // Waits behind it.
    },
  },
  // No frames: what applications say, which is never to be taken for one.
  'messages': {
    policies: ['rr'],
    worker: () => new Promise((go) => process.on('message', (message) => {
      process.send(message);
      if (message === 'last')
        go();
    })),
    online: (worker) => [
      'text', 'zażółć 漢字 😀 \u2028 \ud800 " \\ \n \0', '', 0, -1.5, 1e21, true, null, [], {},
      { cmd: 'NODE_' }, { cmd: 'own' }, { act: 'online' }, { ack: 1 }, [[{ a: [null] }]], 'last',
    ].forEach((message) => worker.send(message)),
  },
};

// ---- running one ----

function primary(name) {
  const scenario = scenarios[name];
  const count = scenario.workers || 1;
  let left = count;
  Promise.resolve(scenario.prepare && scenario.prepare()).then((env) => {
    const setup = cluster.setupPrimary || cluster.setupMaster;
    setup.call(cluster, { args: [name], silent: Boolean(scenario.full) });
    const fork = () => {
      const worker = cluster.fork(env);
      let told = 0;
      worker.on('online', () => scenario.online && scenario.online(worker));
      worker.on('listening', (address) => {
        scenario.listening && scenario.listening(worker, address);
        if (told++ === 0 && worker.id < count)
          setTimeout(fork, 300);
      });
      if (scenario.full)
        worker.process.stdout.once('data', () => scenario.full(worker));
      worker.on('disconnect', () => --left === 0 && setTimeout(() => process.exit(), 200));
    };
    fork();
  });
}

if (cluster.isWorker) {
  const scenario = scenarios[process.argv[2]];
  // Of two, the first stays until the second has been.
  const stays = (scenario.workers || 1) > cluster.worker.id ? 3000 : 300;
  scenario.worker().then(() => setTimeout(leave, scenario.workers ? stays : 0));
} else if (process.argv[2]) {
  primary(process.argv[2]);
} else {
  for (const [name, { policies = ['rr', 'none'], descriptors = 0 }] of Object.entries(scenarios))
    policies.forEach((policy) => console.log(name, policy, descriptors));
}
