/**
 * What a worker process is started with: its command line, its environment, its streams, ports of
 * its own, its user.
 *
 * <p>Knows no socket that is shared, no message, and neither of the two roles: {@link
 * dev.prefork.launch.Launcher} is all that a primary sees of it, and a worker reads with {@link
 * dev.prefork.launch.WorkerOptions} and {@link dev.prefork.launch.ExtraPipes} what was written
 * here.
 */
package dev.prefork.launch;
