package dev.prefork.launch;

import dev.prefork.ClusterSettings;
import dev.prefork.loop.EventLoop;
import dev.prefork.loop.StreamSocket;
import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a new worker gets for descriptors: its channel, its streams, and the ends of them that stay
 * here. Belongs to the thread that forks.
 */
final class Stdio implements AutoCloseable {
    private static final int STREAMS = 3;

    private final Map<Integer, Integer> descriptors = new HashMap<>();
    private final Map<Integer, Fd> ours = new TreeMap<>();
    private final Map<Integer, StreamSocket> pipes = new TreeMap<>();
    private final List<Integer> extraPipes = new ArrayList<>();
    private final List<Fd> theirs = new ArrayList<>();
    private int count;
    private int channelIndex;
    private Fd channel;

    private Stdio() {}

    /** Opens what the settings say; closed again if that fails. */
    static Stdio open(ClusterSettings settings) throws PosixException {
        Stdio stdio = new Stdio();
        try {
            List<Object> words = words(settings);
            for (Object word : words) {
                stdio.add(stdio.count++, word);
            }
            return stdio;
        } catch (PosixException | RuntimeException e) {
            stdio.close();
            throw e;
        }
    }

    private static List<Object> words(ClusterSettings settings) {
        String standard = settings.silent().orElse(false) ? "pipe" : "inherit";
        List<Object> words =
                new ArrayList<>(
                        settings.stdio().orElse(List.of(standard, standard, standard, "ipc")));
        while (words.size() < STREAMS) {
            words.add("pipe");
        }
        return words;
    }

    private void add(int index, Object word) throws PosixException {
        if (word instanceof Integer ofThisProcess) {
            descriptors.put(index, ofThisProcess);
            return;
        }
        switch ((String) word) {
            case "ipc" -> {
                channelIndex = index;
                channel = socket(index);
            }
            case "pipe" -> {
                ours.put(index, index < STREAMS ? pipe(index) : socket(index));
                if (index >= STREAMS) {
                    extraPipes.add(index);
                }
            }
            case "inherit" -> descriptors.put(index, index);
            case "ignore" -> {
                // A higher descriptor is simply not there, as in Node.
                if (index < STREAMS) {
                    give(index, Descriptors.openNull());
                }
            }
            default -> throw new IllegalArgumentException("stdio=" + word);
        }
    }

    /**
     * Gives one end to the worker, and returns the other. Its standard streams are pipes, unlike
     * Node's: a socket cannot be opened by the name /dev/stdout (SPEC F1).
     */
    private Fd pipe(int index) throws PosixException {
        Fd[] ends = Descriptors.pipe();
        boolean read = direction(index) == StreamSocket.Direction.IN;
        Fd our = ends[read ? 0 : 1];
        give(index, ends[read ? 1 : 0]);
        try {
            Descriptors.setNonBlocking(our.number(), true);
        } catch (PosixException e) {
            our.close();
            throw e;
        }
        return our;
    }

    /** Gives one end of a socket pair to the worker, and returns the other. */
    private Fd socket(int index) throws PosixException {
        Fd[] ends = Sockets.pair(Sockets.Type.STREAM);
        give(index, ends[1]);
        try {
            // Blocking, as Node's children have it: a worker may be a shell script.
            Descriptors.setNonBlocking(ends[1].number(), false);
        } catch (PosixException e) {
            ends[0].close();
            throw e;
        }
        return ends[0];
    }

    private void give(int index, Fd end) {
        theirs.add(end);
        descriptors.put(index, end.number());
    }

    /**
     * Gives the worker a file that stays the caller's; to be open until it has started.
     *
     * @return the worker's descriptor, above all others
     */
    int lend(Fd file) {
        descriptors.put(count, file.number());
        return count++;
    }

    /**
     * Offers the channel to whichever process below the worker's first listens first; instead of
     * giving it to the first one.
     */
    JoinOffer offer(int workerId) throws PosixException {
        descriptors.put(JoinOffer.CHANNEL, descriptors.remove(channelIndex));
        channelIndex = JoinOffer.CHANNEL;
        Fd[] ends = Descriptors.pipe();
        give(JoinOffer.TICKET, ends[0]);
        try (Fd write = ends[1]) {
            Descriptors.writeByte(write.number());
        }
        return new JoinOffer(workerId, JoinOffer.CHANNEL, JoinOffer.TICKET);
    }

    /** The worker's descriptors, to ours. */
    Map<Integer, Integer> descriptors() {
        return descriptors;
    }

    /** The worker's descriptor of the channel. */
    int channelIndex() {
        return channelIndex;
    }

    /** The worker's descriptors that are pipes to us beside its standard streams. */
    List<Integer> extraPipes() {
        return extraPipes;
    }

    /**
     * Our ends of the pipes as streams; at most once. They are the caller's once the worker has
     * {@link #started}.
     */
    Map<Integer, StreamSocket> openPipes(EventLoop loop) {
        for (Map.Entry<Integer, Fd> pipe : ours.entrySet()) {
            int index = pipe.getKey();
            pipes.put(index, open(loop, Fd.owning(pipe.getValue().release()), direction(index)));
        }
        ours.clear();
        return Map.copyOf(pipes);
    }

    private static StreamSocket open(EventLoop loop, Fd end, StreamSocket.Direction direction) {
        try {
            return StreamSocket.open(loop, end, direction);
        } catch (RuntimeException e) {
            // Such as by a loop that has ended.
            end.close();
            throw e;
        }
    }

    /** Our end of the channel, of a worker that is there now; with the pipes the caller's. */
    Fd started() {
        pipes.clear();
        return Fd.owning(channel.release());
    }

    private static StreamSocket.Direction direction(int index) {
        return switch (index) {
            case 0 -> StreamSocket.Direction.OUT;
            case 1, 2 -> StreamSocket.Direction.IN;
            default -> StreamSocket.Direction.BOTH;
        };
    }

    /** Closes the worker's ends, and ours that nobody has taken. */
    @Override
    public void close() {
        theirs.forEach(Fd::close);
        ours.values().forEach(Fd::close);
        pipes.values().forEach(Stdio::close);
        if (channel != null) {
            channel.close();
        }
    }

    static void close(StreamSocket pipe) {
        try {
            pipe.input().close();
            pipe.output().close();
        } catch (IOException e) {
            // Closing a socket's streams writes nothing that could fail.
            throw new UncheckedIOException(e);
        }
    }
}
