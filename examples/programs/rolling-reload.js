'use strict';
// New workers in place of the old ones, without an outage: for each line that says "reload".
const cluster = require('cluster');
const http = require('http');
const readline = require('readline');

if (cluster.isMaster) {
  const replace = (old) => new Promise((resolve, reject) => {
    const next = cluster.fork();
    const timer = setTimeout(() => next.kill(), 60000);
    const died = () => {
      clearTimeout(timer);
      reject(new Error(`worker ${next.id} died`));
    };
    next.once('exit', died);
    next.once('listening', () => setTimeout(() => {
      clearTimeout(timer);
      if (next.isDead())
        return;
      next.off('exit', died);
      old.disconnect();
      const late = setTimeout(() => old.process.kill(), 20000);
      old.once('exit', () => {
        clearTimeout(late);
        resolve();
      });
    }, 2000));
  });
  cluster.on('exit', (worker) => worker.exitedAfterDisconnect || cluster.fork());
  cluster.fork();
  cluster.fork();
  readline.createInterface({ input: process.stdin }).on('line', async (line) => {
    if (line !== 'reload')
      return;
    try {
      for (const old of Object.values(cluster.workers))
        await replace(old);
      console.log('reloaded');
    } catch (e) {
      console.log(e.message);
    }
  });
} else {
  http.createServer((request, response) => {
    response.end(String(cluster.worker.id));
  }).listen(Number(process.argv[2]));
}
