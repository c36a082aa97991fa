/**
 * The command {@code prefork}: runs any program as several workers on one port.
 *
 * <p>{@link dev.prefork.cli.Supervisor} decides, without threads and clocks; {@link
 * dev.prefork.cli.Driver} does what it says through {@link dev.prefork.Cluster}, and tells it what
 * happens.
 */
package dev.prefork.cli;
