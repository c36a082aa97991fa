'use strict';
// A primary of Node's own cluster that says what happens and does what it is told on stdin.
// Argument: the kinds of worker it can fork, as JSON: {NAME: {execPath, execArgv, exec, args, serialization, stdio}}, of
// which the last two may be absent.
const cluster = require('cluster');
const readline = require('readline');

const kinds = JSON.parse(process.argv[2]);
const setup = cluster.setupPrimary || cluster.setupMaster;

function say(...words) {
  console.log(words.map(String).join(' '));
}

cluster.on('online', (worker) => {
  say('pid', worker.id, worker.process.pid);
  say('online', worker.id);
});
cluster.on('listening', (worker, address) => {
  say('port', worker.id, address.port);
  say('listening', worker.id, JSON.stringify(address));
});
cluster.on('message', (worker, message) => {
  say('message', worker.id, JSON.stringify(message));
});
cluster.on('disconnect', (worker) => {
  say('disconnect', worker.id, worker.exitedAfterDisconnect);
});
cluster.on('exit', (worker, code, signal) => {
  say('exit', worker.id, code, signal, worker.exitedAfterDisconnect);
});

let kept;

const orders = {
  fork(kind) {
    const { execPath, ...settings } = kinds[kind];
    process.execPath = execPath;
    setup.call(cluster, { ...settings, cwd: process.env.WORKERS_IN });
    cluster.fork();
  },
  // For listen({fd}): bound, and open for as long as this process.
  socket() {
    const { TCP, constants } = process.binding('tcp_wrap');
    kept = new TCP(constants.SERVER);
    const name = {};
    if (kept.bind('127.0.0.1', 0) || kept.getsockname(name))
      throw new Error('cannot bind');
    say('socket', kept.fd, name.port);
  },
  send(id, ...json) {
    cluster.workers[id].send(JSON.parse(json.join(' ')));
  },
  // Comes back as it was sent?
  big(id, count) {
    const text = 'zażółć 漢字 😀 '.repeat(count);
    cluster.workers[id].once('message', (message) => {
      say('big', id, message.text === text);
    });
    cluster.workers[id].send({ text });
  },
  disconnect(id) {
    cluster.workers[id].disconnect();
    say('asked', id);
  },
  kill(id) {
    cluster.workers[id].kill();
  },
  signal(id, name) {
    cluster.workers[id].process.kill(name);
  },
  end() {
    cluster.disconnect(() => {
      say('all disconnected');
      process.stdin.destroy();
    });
  },
};

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const [order, ...words] = line.split(' ');
  orders[order](...words);
});
