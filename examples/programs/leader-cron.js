'use strict';
// What is to be done again and again by one worker alone; another one goes on when it dies.
const cluster = require('cluster');

if (cluster.isMaster) {
  let leader;
  const elect = () => {
    leader = Object.values(cluster.workers).find((each) => each.isConnected());
    if (leader)
      leader.send('lead');
  };
  cluster.on('online', () => leader || elect());
  cluster.on('exit', (worker) => {
    cluster.fork();
    if (worker === leader)
      elect();
  });
  cluster.fork();
  cluster.fork();
} else {
  process.on('message', () => {
    setInterval(() => console.log(`tick ${process.pid}`), 200);
  });
}
