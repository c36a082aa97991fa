/**
 * The primary's side: forking, the loop that owns all channels and ports, and who is a worker.
 *
 * <pre>
 *   Primary ── forks ──▶ Peer (the loop's) ── tells ──▶ WorkerEvents ──▶ ForkedWorker (the application's)
 *                          └── asks for addresses ──▶ dev.prefork.listen
 * </pre>
 *
 * <p>The thread {@code cluster-loop} owns everything here that is not said to be safe for any
 * thread; it never runs the application's code and never blocks.
 */
package dev.prefork.primary;
