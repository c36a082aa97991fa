'use strict';
// Node's own cluster, as a worker or as a primary: answers questions by the documented pair of fields, and asks one.
// Argument of the primary: its worker, as JSON: {execPath, execArgv, exec, args}.
const cluster = require('cluster');

function converse(other) {
  other.on('message', (message) => {
    if (message.$ask === undefined) {
      console.log('node heard', JSON.stringify(message));
    } else if (message.value.n < 0) {
      other.send({ $reply: message.$ask, error: 'no negative numbers' });
    } else {
      other.send({ $reply: message.$ask, value: { n: Math.sqrt(message.value.n) } });
    }
  });
  other.send({ $ask: 'node-1', value: { n: 16 } });
}

if (cluster.isWorker) {
  converse(process);
} else {
  const { execPath, ...settings } = JSON.parse(process.argv[2]);
  process.execPath = execPath;
  (cluster.setupPrimary || cluster.setupMaster).call(cluster, settings);
  converse(cluster.fork());
}
