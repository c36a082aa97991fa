/**
 * What stands on {@link dev.prefork.posix} and has state of its own: one thread that owns
 * descriptors, and streams over sockets that it watches.
 */
package dev.prefork.loop;
