'use strict';
// What workers print does not go to the primary's output, but through its hands.
const cluster = require('cluster');
const readline = require('readline');

if (cluster.isMaster) {
  cluster.setupMaster({ silent: true });
  for (let i = 0; i < 2; i++) {
    const worker = cluster.fork();
    readline.createInterface({ input: worker.process.stdout }).on('line', (line) => {
      console.log(`[${worker.id}] ${line}`);
    });
  }
} else {
  console.log(`I am worker ${cluster.worker.id}`);
  cluster.worker.disconnect();
}
