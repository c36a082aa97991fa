'use strict';
// Two kinds of workers side by side: some serve, and one works.
const cluster = require('cluster');
const http = require('http');

if (cluster.isMaster) {
  const kinds = new Map();
  const waiting = new Map();
  let lastId = 0;
  let listening = 0;

  const fork = (kind) => {
    const worker = cluster.fork({ KIND: kind });
    kinds.set(worker.id, kind);
    return worker;
  };
  let job = fork('job');
  fork('web');
  fork('web');

  cluster.on('message', (worker, { id, n, report }) => {
    if (report) {
      console.log(`report ${report}`);
    } else if (kinds.get(worker.id) === 'web') {
      waiting.set(++lastId, { worker, id });
      job.send({ id: lastId, n });
    } else {
      const asked = waiting.get(id);
      waiting.delete(id);
      if (asked && asked.worker.isConnected())
        asked.worker.send({ id: asked.id, n });
    }
  });
  cluster.on('listening', () => {
    if (++listening === 2)
      console.log('all serve');
  });
  cluster.on('exit', (worker) => {
    const kind = kinds.get(worker.id);
    kinds.delete(worker.id);
    const next = fork(kind);
    if (kind === 'job')
      job = next;
  });
} else if (process.env.KIND === 'job') {
  process.on('message', ({ id, n }) => process.send({ id, n: n * n }));
  process.send({ report: 'ready' });
} else {
  const responses = new Map();
  let lastId = 0;
  process.on('message', ({ id, n }) => {
    const response = responses.get(id);
    responses.delete(id);
    if (response)
      response.end(String(n));
  });
  http.createServer((request, response) => {
    responses.set(++lastId, response);
    process.send({ id: lastId, n: 12 });
  }).listen(Number(process.argv[2]));
}
