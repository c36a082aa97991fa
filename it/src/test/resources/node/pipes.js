'use strict';
// A primary of Node's own cluster whose worker has pipes at 3 and 5, around the channel at 4.
// Argument: the JSON of its worker: {execPath, execArgv, exec, args}.
const cluster = require('cluster');

const { execPath, execArgv, exec, args } = JSON.parse(process.argv[2]);
process.execPath = execPath;
cluster.setupMaster({ execArgv, exec, args, stdio: ['ignore', 1, 2, 'pipe', 'ipc', 'pipe'] });
const worker = cluster.fork();
worker.on('exit', (code, signal) => console.log('exit', code, signal));
for (const index of [3, 5]) {
  const pipe = worker.process.stdio[index];
  pipe.end(`for ${index}`);
  let text = '';
  pipe.on('data', (bytes) => { text += bytes; });
  pipe.on('end', () => console.log('from', index, text));
}
