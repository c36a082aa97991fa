'use strict';
// Twenty jobs for four workers, one at a time for each; that of one that dies is done again.
const cluster = require('cluster');

if (cluster.isMaster) {
  const jobs = Array.from({ length: 20 }, (_, i) => i + 1);
  const results = new Map();
  const current = new Map();

  const next = (worker) => {
    const job = jobs.shift();
    if (job === undefined)
      return;
    const timer = setTimeout(() => worker.process.kill(), 60000);
    current.set(worker.id, { job, timer });
    worker.send({ job });
  };
  cluster.on('online', next);
  cluster.on('message', (worker, { job, result }) => {
    clearTimeout(current.get(worker.id).timer);
    current.delete(worker.id);
    results.set(job, result);
    if (results.size === 20) {
      console.log([...results.values()].reduce((sum, each) => sum + each));
      cluster.disconnect();
      setTimeout(() => Object.values(cluster.workers).forEach((each) => each.process.kill()), 10000).unref();
    } else {
      next(worker);
    }
  });
  cluster.on('exit', (worker) => {
    const { job, timer } = current.get(worker.id) || {};
    if (job !== undefined) {
      clearTimeout(timer);
      current.delete(worker.id);
      console.log(`once more: job ${job}`);
      jobs.push(job); // for the one that takes its place
    }
    if (!worker.exitedAfterDisconnect)
      cluster.fork();
  });
  for (let i = 0; i < 4; i++)
    cluster.fork();
} else {
  process.on('message', ({ job }) => {
    if (job === 7 && cluster.worker.id <= 4)
      process.exit(1); // a fault
    process.send({ job, result: job * job });
  });
}
