/**
 * A pool of workers in the application's own primary: the supervisor's table, driven by a thread of
 * its own, with the workers of the cluster.
 */
package dev.prefork.keep;
