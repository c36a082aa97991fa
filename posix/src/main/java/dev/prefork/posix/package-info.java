/**
 * System calls through java.lang.foreign, and nothing above them: sockets, descriptors in messages,
 * epoll, processes.
 *
 * <p>Every descriptor is born close-on-exec. A call that fails in a way the caller cannot expect
 * throws {@link dev.prefork.posix.PosixException}; what happens in normal running (EAGAIN, a closed
 * peer) is a negative number. This is the only package that sees native memory. It knows no JSON
 * and no workers, starts no thread and logs nothing.
 */
package dev.prefork.posix;
