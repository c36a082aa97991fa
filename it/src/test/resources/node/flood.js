'use strict';
// A worker that reports to its primary all the time, as metrics and adapters do, and answers how many bytes it has reported.
const http = require('http');

const report = { text: 'x'.repeat(200 * 1024) };
let bytes = 0;
setInterval(() => {
  process.send(report);
  bytes += report.text.length;
}, 5);
http.createServer((request, response) => response.end(String(bytes))).listen(0, '127.0.0.1');
