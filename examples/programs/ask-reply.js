'use strict';
// Ask and reply: the worker answers what the primary asks, or refuses.
const cluster = require('cluster');

if (cluster.isMaster) {
  const worker = cluster.fork();
  const waiting = new Map();
  let lastId = 0;

  const ask = (value, millis) => new Promise((resolve, reject) => {
    const id = ++lastId;
    const timer = setTimeout(() => answer(id, reject, new Error('no answer')), millis);
    waiting.set(id, { resolve, reject, timer });
    worker.send({ $ask: id, value });
  });
  const answer = (id, how, what) => {
    clearTimeout(waiting.get(id).timer);
    waiting.delete(id);
    how(what);
  };

  worker.on('message', ({ $reply, value, error }) => {
    const { resolve, reject } = waiting.get($reply) || {};
    if (error)
      answer($reply, reject, new Error(error));
    else if (resolve)
      answer($reply, resolve, value);
  });
  worker.on('disconnect', () => waiting.forEach((_, id) => answer(id, waiting.get(id).reject, new Error('gone'))));
  (async () => {
    for (const n of [16, -1])
      console.log(n.toFixed(1) + ': ' + await ask(n, 10000).then((root) => root.toFixed(1), (e) => e.message));
    worker.disconnect();
  })();
} else {
  process.on('message', ({ $ask, value }) => {
    process.send(value < 0
      ? { $reply: $ask, error: 'no root of a negative number' }
      : { $reply: $ask, value: Math.sqrt(value) });
  });
}
