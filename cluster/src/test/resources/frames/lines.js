'use strict';
// Reads what strace saw of the workers of one scenario, and prints each line that went over their channels, in the order in
// which the workers wrote or read it: WORKER DIRECTION DESCRIPTORS LINE.
// Arguments: the folder with one file for each thread, of strace -ff -ttt -xx.
const fs = require('fs');
const path = require('path');

const folder = process.argv[2];
const CHANNEL = 3; // NODE_CHANNEL_FD of a worker whose stdio is the usual one
const CALL = /^(\d+\.\d+) (read|write|writev|recvmsg|sendmsg)\(3, (.*)\) = (\d+)$/;
const WORKER = /execve\(.*"NODE_UNIQUE_ID=(\d+)"/;

function bytes(escaped) {
  return Buffer.from(escaped.replace(/\\x/g, ''), 'hex');
}

// What strace shows of all buffers of a call, as one.
function data(call, shown) {
  const strings = call.endsWith('msg') || call === 'writev' ?
    [...shown.matchAll(/iov_base="([^"]*)"/g)].map((match) => match[1]) :
    [/"([^"]*)"/.exec(shown)[1]];
  return Buffer.concat(strings.map(bytes));
}

function descriptors(shown) {
  const rights = /cmsg_type=SCM_RIGHTS, cmsg_data=\[([^\]]*)\]/.exec(shown);
  return rights ? rights[1].split(',').length : 0;
}

// Lines of one direction of one channel, with the time at which each was complete.
class Direction {
  constructor(worker, name) {
    this.worker = worker;
    this.name = name;
    this.rest = Buffer.alloc(0);
    this.rights = 0;
  }

  *take(time, chunk, rights) {
    this.rights += rights;
    this.rest = Buffer.concat([this.rest, chunk]);
    for (let end = this.rest.indexOf(10); end >= 0; end = this.rest.indexOf(10)) {
      const line = this.rest.slice(0, end).toString();
      this.rest = this.rest.slice(end + 1);
      // A chunk carries the descriptor of at most one line.
      const own = line.includes('"cmd":"NODE_HANDLE"') ? this.rights : 0;
      this.rights -= own;
      yield { time, text: `${this.worker} ${this.name} ${own} ${line}` };
    }
    if (this.rights > 0 && this.rest.length === 0)
      throw new Error(`worker ${this.worker}: ${this.rights} descriptors belong to no line`);
  }
}

const lines = [];
for (const file of fs.readdirSync(folder)) {
  let directions;
  const ready = (worker) => ({
    in: new Direction(worker, 'to-worker'),
    out: new Direction(worker, 'to-primary'),
  });
  for (const call of fs.readFileSync(path.join(folder, file), 'latin1').split('\n')) {
    const exec = / execve\(/.test(call) && WORKER.exec(unescaped(call));
    if (exec)
      directions = ready(exec[1]);
    const match = directions && CALL.exec(call);
    if (match && Number(match[4]) > 0) {
      const [, time, name, shown, count] = match;
      const direction = name.startsWith('r') ? directions.in : directions.out;
      const chunk = data(name, shown).slice(0, Number(count));
      lines.push(...direction.take(Number(time), chunk, descriptors(shown)));
    }
  }
}

function unescaped(call) {
  return call.replace(/"((\\x[0-9a-f]{2})*)"/g, (all, escaped) => `"${bytes(escaped).toString()}"`);
}

if (lines.length === 0)
  throw new Error(`nothing was captured on descriptor ${CHANNEL}`);
lines.sort((a, b) => a.time - b.time);
lines.forEach((line) => console.log(line.text));
