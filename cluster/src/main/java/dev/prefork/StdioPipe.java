package dev.prefork;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * This process's end of a pipe to a worker, or to the primary. As Node's, a pipe is a pair of
 * sockets: both ends read and write.
 *
 * <p>Reading and writing block, on any thread, platform or virtual; a worker that writes what
 * nobody reads is blocked when the pipe is full. Closing both streams closes the pipe, and so does
 * the end of the other process; what it had written is still there to be read.
 *
 * @param input what the other process writes; at its end for a worker's stdin
 * @param output what the other process reads; closed for a worker's stdout and stderr
 */
public record StdioPipe(InputStream input, OutputStream output) {}
