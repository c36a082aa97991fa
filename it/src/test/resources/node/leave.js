'use strict';
// A primary of Node's own cluster whose workers leave; how each ends is printed.
// Arguments: the JSON of its worker: {execPath, execArgv, exec, args}; when it is told to disconnect,
// "early", "online", "message" or "never"; how many there are, one after the other.
const cluster = require('cluster');

const { execPath, execArgv, exec, args } = JSON.parse(process.argv[2]);
const when = process.argv[3];
let left = Number(process.argv[4]);
process.execPath = execPath;
cluster.setupMaster({ execArgv, exec, args });
cluster.on('exit', (worker, code, signal) => {
  console.log('exit', code, signal, worker.exitedAfterDisconnect);
  if (--left > 0)
    fork();
});
if (when === 'online' || when === 'message')
  cluster.on(when, (worker) => worker.disconnect());

function fork() {
  const worker = cluster.fork();
  if (when === 'early')
    worker.disconnect();
}

fork();
