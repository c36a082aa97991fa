'use strict';
// HTTPS by two workers, with one key.
const cluster = require('cluster');
const fs = require('fs');
const https = require('https');

if (cluster.isMaster) {
  cluster.fork();
  cluster.fork();
} else {
  const [port, file, passphrase] = process.argv.slice(2);
  const options = {
    pfx: fs.readFileSync(file),
    passphrase,
  };
  const server = https.createServer(options, (request, response) => {
    response.end(`worker ${cluster.worker.id}`);
  });
  server.on('error', (error) => {
    console.error(error.message);
    process.exit(1);
  });
  server.listen(Number(port));
}
