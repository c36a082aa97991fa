package dev.prefork.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Says once what to do about a program that brings its own sockets in native code, as Netty's epoll
 * and io_uring, which nothing in the JDK sees.
 */
final class NativeTransport {
    /** What Netty says of it. */
    private enum Fault {
        DISABLED(
                "Native transport was explicit",
                "a native transport of Netty was asked for by name, and its ports cannot be shared:"
                        + " let the program use NioServerSocketChannel and NioIoHandler or"
                        + " NioEventLoopGroup, or set SO_REUSEPORT and run it with"
                        + " -Dio.netty.transport.noNative=false, where Linux shares the port"),
        IN_USE(
                "Errors$NativeIoException: bind(",
                "a native transport of Netty could not bind its port, as another worker or program"
                        + " has it: leave out -Dio.netty.transport.noNative=false, so that Netty"
                        + " uses NIO and the port is shared, or set SO_REUSEPORT in the program");

        private final String sign;
        private final String advice;

        Fault(String sign, String advice) {
            this.sign = sign;
            this.advice = advice;
        }

        private boolean isIn(String line) {
            return line.contains(sign);
        }
    }

    private final Consumer<String> say;
    private final AtomicBoolean said = new AtomicBoolean();

    NativeTransport(Consumer<String> say) {
        this.say = say;
    }

    /** A worker has ended, and these were its last lines. */
    void ended(List<String> lastLines) {
        Optional<Fault> fault =
                Arrays.stream(Fault.values())
                        .filter(one -> lastLines.stream().anyMatch(one::isIn))
                        .findFirst();
        if (fault.isPresent() && said.compareAndSet(false, true)) {
            say.accept(fault.get().advice);
        }
    }
}
