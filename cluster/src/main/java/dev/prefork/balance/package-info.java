/**
 * Which worker gets a connection, where an application says how: the {@link dev.prefork.Balancer}s
 * that are there, and what stands between the loop and one of the application's own.
 *
 * <pre>
 *   dev.prefork.listen ── Balancing ──▶ GuardedBalancer ── Balancer ──▶ Turns, LeastConnections, Sticky, Reweighed or the application's
 * </pre>
 *
 * <p>All of it belongs to the loop's thread, except where it says otherwise.
 */
package dev.prefork.balance;
