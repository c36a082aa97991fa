'use strict';
// Node's side of the jobs: the same as Jobs.java.
const cluster = require('cluster');

const COLD = 100000;
const WARM = 300000;
const WORKERS = 4;
const AT_A_TIME = 100;
const TEXT = 'thirty-two characters of a text.';

if (cluster.isWorker) {
  process.on('message', ({ id, text, numbers }) => {
    process.send({ id, sum: numbers.reduce((sum, each) => sum + each, text.length) });
  });
} else {
  const workers = [];
  for (let i = 0; i < WORKERS; i++)
    workers.push(cluster.fork());
  let count, handed, done, all;

  const hand = (worker) => {
    if (handed < count) {
      handed++;
      worker.send({ id: handed, text: TEXT, numbers: [handed, 2, 3, 4] });
    }
  };
  cluster.on('message', (worker) => {
    if (++done === count)
      all();
    else
      hand(worker);
  });
  const perSecond = async (jobs) => {
    const begun = process.hrtime();
    await new Promise((resolve) => {
      count = jobs;
      handed = 0;
      done = 0;
      all = resolve;
      for (let i = 0; i < AT_A_TIME; i++)
        workers.forEach(hand);
    });
    const [seconds, nanos] = process.hrtime(begun);
    return jobs / (seconds + nanos / 1e9);
  };
  workers[0].once('online', async () => {
    console.log('cold ' + await perSecond(COLD));
    console.log('begin warm');
    console.log('warm ' + await perSecond(WARM));
    workers.forEach((worker) => worker.kill());
  });
}
