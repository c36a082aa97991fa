'use strict';
// A worker of Node's own cluster that sends a message of 70 MB, then answers what it is sent.
process.on('message', (message) => process.send({ echo: message }));
process.send({ text: 'x'.repeat(70e6) });
