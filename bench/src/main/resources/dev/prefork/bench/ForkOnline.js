// Node's side of fork-online: prints the milliseconds from each fork() to its 'online'.
'use strict';
const cluster = require('cluster');

function next(left) {
  if (left === 0) return;
  const start = process.hrtime.bigint();
  const worker = cluster.fork();
  worker.once('online', () => {
    console.log(Number(process.hrtime.bigint() - start) / 1e6);
    worker.process.kill('SIGKILL');
  });
  worker.once('exit', () => next(left - 1));
}

if (cluster.isMaster) next(15);
