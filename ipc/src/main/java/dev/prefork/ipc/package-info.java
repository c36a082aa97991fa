/**
 * Node's channel between two processes: one JSON value per line over a Unix stream socket,
 * descriptors beside them.
 *
 * <p>The wire is that of Node's child_process in its "json" serialization mode (v12.10 and v20
 * agree), so that a real Node process can stand at the other end. A {@link dev.prefork.ipc.Channel}
 * keeps order, acknowledges handles and flushes; it knows no ports, no processes and not what the
 * messages mean.
 */
package dev.prefork.ipc;
