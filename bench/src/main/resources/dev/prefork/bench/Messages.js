// Node's side of the messages: prints `begin NAME` and `NAME FIGURE`, as ours does.
'use strict';
const cluster = require('cluster');

const ROUND_TRIPS = 20000;
const STREAM = 500000;
const WARM_UPS = 4;
const UNACKNOWLEDGED = 8000;
const ACKNOWLEDGED_AT_ONCE = 1000;
const TEXT = 'thirty-two characters of a text.';

class Sender {
  constructor(to) {
    this.to = to;
    this.left = 0;
    this.unacknowledged = 0;
  }

  send(count, sent) {
    this.left = count;
    this.sent = sent;
    this.goOn();
  }

  goOn() {
    while (this.left > 0 && this.unacknowledged < UNACKNOWLEDGED) {
      this.to.send({ n: this.left--, text: TEXT });
      this.unacknowledged++;
    }
    if (this.left === 0 && this.unacknowledged === 0 && this.sent) {
      const sent = this.sent;
      this.sent = null;
      sent();
    }
  }

  acknowledged() {
    this.unacknowledged -= ACKNOWLEDGED_AT_ONCE;
    this.goOn();
  }
}

function receiver(from) {
  let unacknowledged = 0;
  return () => {
    if (++unacknowledged === ACKNOWLEDGED_AT_ONCE) {
      unacknowledged = 0;
      from.send('acknowledged');
    }
  };
}

function answer() {
  const sender = new Sender(process);
  const receive = receiver(process);
  process.on('message', (message) => {
    switch (message) {
      case 'ping': process.send('pong'); break;
      case 'acknowledged': sender.acknowledged(); break;
      case 'send': sender.send(STREAM, () => process.send('sent')); break;
      default: receive();
    }
  });
}

async function ask(worker) {
  const sender = new Sender(worker);
  const receive = receiver(worker);
  let answered;
  worker.on('message', (message) => {
    switch (message) {
      case 'pong': case 'sent': answered(); break;
      case 'acknowledged': sender.acknowledged(); break;
      default: receive();
    }
  });
  const question = (text) => new Promise((done) => { answered = done; worker.send(text); });
  await print('rtt', async () => {
    const micros = [];
    for (let i = 0; i < ROUND_TRIPS; i++) {
      const begun = process.hrtime.bigint();
      await question('ping');
      micros.push(Number(process.hrtime.bigint() - begun) / 1e3);
    }
    return micros.sort((a, b) => a - b)[ROUND_TRIPS / 2];
  });
  await print('up', () => rate(() => question('send')));
  await print('down', () => rate(() => new Promise((done) => sender.send(STREAM, done))));
  worker.kill();
}

async function print(name, phase) {
  for (let i = 0; i < WARM_UPS; i++) await phase();
  console.log('begin ' + name);
  console.log(name + ' ' + await phase());
}

async function rate(stream) {
  const begun = process.hrtime.bigint();
  await stream();
  return STREAM / (Number(process.hrtime.bigint() - begun) / 1e9);
}

if (cluster.isMaster) ask(cluster.fork());
else answer();
