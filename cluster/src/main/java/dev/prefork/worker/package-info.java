/**
 * The worker's side: the link to the primary, the broker that the JVM's servers ask for their
 * ports, and the ends of the process.
 *
 * <p>The thread {@code cluster-loop} answers the primary, whatever the application's threads do.
 */
package dev.prefork.worker;
