'use strict';
// A worker of Node's own cluster. It does what it is told by message, and sends back what is no order.
// Arguments: what to listen on from the start, as the JSON of server.listen's options.
const cluster = require('cluster');
const http = require('http');

function say(...words) {
  console.log(words.map(String).join(' '));
}

function listen(options) {
  http.createServer((request, response) => {
    response.end(`node ${cluster.worker.id} ${request.url}`);
  }).on('error', (error) => {
    const { code, syscall, port } = error;
    process.send({ error: { code, syscall, port } });
  }).listen(options, function() {
    say('bound', cluster.worker.id, JSON.stringify(this.address()));
  });
}

const orders = {
  listen: ({ options }) => listen(options),
  disconnect: () => cluster.worker.disconnect(),
  kill: () => cluster.worker.kill(),
  exit: ({ code }) => process.exit(code),
  signal: ({ name }) => process.kill(process.pid, name),
  fail: () => { throw new Error("the worker's own fault"); },
  sayAndExit: ({ count, code }) => {
    for (let i = 0; i < count; i++)
      process.send({ i });
    process.exit(code);
  },
};

process.on('message', (message) => {
  const order = message !== null && orders[message.order];
  if (order)
    order(message);
  else
    process.send(message);
});

cluster.worker.on('disconnect', () => {
  say('worker disconnected', cluster.worker.id, cluster.worker.exitedAfterDisconnect);
});

for (const options of process.argv.slice(2))
  listen(JSON.parse(options));
