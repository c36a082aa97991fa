'use strict';
// A primary of Node's own cluster that writes to its worker's channel what the protocol does not allow.
// Arguments: the JSON of its worker: {execPath, execArgv, exec, args}; the line that it writes.
const cluster = require('cluster');
const { WriteWrap } = process.binding('stream_wrap');

const { execPath, execArgv, exec, args } = JSON.parse(process.argv[2]);
process.execPath = execPath;
cluster.setupMaster({ execArgv, exec, args });
const worker = cluster.fork();
// v20 keeps it behind a symbol.
function channel({ process: child }) {
  const kept = Object.getOwnPropertySymbols(child)
    .map((symbol) => child[symbol])
    .find((value) => value && value.writeUtf8String);
  return kept || child.channel;
}

worker.on('message', () => {
  channel(worker).writeUtf8String(new WriteWrap(), `${process.argv[3]}\n`);
});
worker.on('exit', (code, signal) => {
  console.log('exit', code, signal, worker.exitedAfterDisconnect);
});
