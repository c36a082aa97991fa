/**
 * The primary's side: forking, the loop that owns all channels and ports, and one file for each way
 * to share a port.
 *
 * <p>The thread {@code cluster-loop} owns everything here that is not said to be safe for any
 * thread; it never runs the application's code and never blocks.
 */
package dev.prefork.primary;
