// Makes this process prefork's worker when it first listens, if no other process below the same
// command has done so before. Loaded by NODE_OPTIONS into each Node there; most of them, such as
// npm's, never listen, and for their children leave everything as it is.
'use strict';

const {isMainThread} = require('worker_threads');
const offer = /^(\d+),(\d+),(\d+)$/.exec(process.env.PREFORK_JOIN || '');

/** Some wrappers close what they do not know. */
function reachesThisProcess(channel, ticket) {
  try {
    const {fstatSync} = require('fs');
    return fstatSync(channel).isSocket() && fstatSync(ticket).isFIFO();
  } catch (notOpen) {
    return false;
  }
}

function prepare(id, channel, ticket) {
  const cluster = asWorker(id);
  const once = {
    join() {
      once.join = () => {};
      if (isMine(ticket)) {
        keepFromChildren();
        join(cluster, channel);
      } else {
        beAlone(cluster);
      }
    },
  };
  before(require('net').Server.prototype, 'listen', () => once.join());
  before(require('dgram').Socket.prototype, 'bind', () => once.join());
}

/** The module decides by a variable what it is, when it is first required. */
function asWorker(id) {
  process.env.NODE_UNIQUE_ID = id;
  try {
    const cluster = require('cluster');
    cluster._setupWorker();
    return cluster;
  } finally {
    delete process.env.NODE_UNIQUE_ID;
  }
}

/** Whoever reads the one byte: later ones find the pipe's end, or no pipe at all. */
function isMine(ticket) {
  try {
    return require('fs').readSync(ticket, Buffer.alloc(1), 0, 1, null) === 1;
  } catch (notOpen) {
    return false;
  }
}

function join(cluster, channel) {
  require('child_process')._forkChild(channel, 'json');
  // As in a worker that was forked: it runs for as long as it has its channel.
  process.channel.ref();
  process.send({cmd: 'NODE_CLUSTER', act: 'online'});
  process.send({cmd: 'NODE_CLUSTER', act: 'joined', pid: process.pid});
}

/** Another process is the worker: what this one listens on is its own. */
function beAlone(cluster) {
  cluster.isMaster = cluster.isPrimary = true;
  cluster.isWorker = false;
  delete cluster.worker;
}

/** What the variables have of ours, with the space that parts it from the user's. */
const OURS = {
  NODE_OPTIONS: / ?--require=("[^"]*|[^ "]*)\/join\.cjs"?$/,
  JDK_JAVA_OPTIONS: /^"?-javaagent:[^"]*\/prefork\.jar=join"? ?/,
  PREFORK_JOIN: /.*/,
};

function keepFromChildren() {
  for (const [name, ours] of Object.entries(OURS)) {
    const users = (process.env[name] || '').replace(ours, '');
    delete process.env[name];
    if (users) {
      process.env[name] = users;
    }
  }
}

function before(type, method, first) {
  const original = type[method];
  type[method] = function(...args) {
    first();
    return original.apply(this, args);
  };
}

if (isMainThread && offer) {
  const [id, channel, ticket] = offer.slice(1).map(Number);
  if (reachesThisProcess(channel, ticket)) {
    prepare(id, channel, ticket);
  }
}
