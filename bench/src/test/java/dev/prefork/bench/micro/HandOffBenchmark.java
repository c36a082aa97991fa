package dev.prefork.bench.micro;

import dev.prefork.posix.DescriptorSocket;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A descriptor with one byte over a socket pair: sent, received and closed, on one thread. */
@State(Scope.Thread)
public class HandOffBenchmark {
    private static final byte[] BYTE = {1};

    private DescriptorSocket sender;
    private DescriptorSocket receiver;

    @Setup
    public void open() throws PosixException {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        sender = new DescriptorSocket(pair[0], 64);
        receiver = new DescriptorSocket(pair[1], 64);
    }

    @TearDown
    public void close() {
        sender.close();
        receiver.close();
    }

    @Benchmark
    public int one() {
        int sent = sender.send(BYTE, 0, 1, sender.descriptor());
        int received = receiver.receive();
        receiver.takeDescriptor().close();
        return sent + received;
    }
}
