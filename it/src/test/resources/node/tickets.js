'use strict';
// Arguments: `worker FILE`, an https worker with this PKCS #12 file; or `client PORT`, which connects again and again with the
// ticket that it got the first time, and says who answered and whether the session was resumed.
const cluster = require('cluster');
const fs = require('fs');
const tls = require('tls');

const [role, argument] = process.argv.slice(2);

function connect(port, session, then) {
  // A ticket of TLS 1.2 is part of the handshake.
  const options = { port, host: '127.0.0.1', rejectUnauthorized: false, session, maxVersion: 'TLSv1.2' };
  let answer = '';
  const socket = tls.connect(options);
  socket.setEncoding('utf8').on('data', (text) => answer += text).on('end', () => {
    console.log(session ? 'again' : 'first', answer, socket.isSessionReused());
    then(socket.getSession());
  });
}

if (role === 'client') {
  const again = (left) => (session) => left > 0 && connect(argument, session, () => again(left - 1)(session));
  connect(argument, undefined, again(4));
} else {
  tls.createServer({ pfx: fs.readFileSync(argument), passphrase: 'changeit' }, (socket) => {
    socket.end(`worker ${cluster.worker.id}`);
  }).listen({ port: 0, host: '127.0.0.1' });
}
