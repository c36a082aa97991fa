package dev.prefork.cli;

import dev.prefork.Balancer;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Workers that get no connections but our own as long as there are others. Safe for any thread.
 *
 * <p>Our own are known by the port that they come from. Somebody else's from the same port of
 * another machine would get there as well, and be served.
 */
final class ColdWorkers {
    private final Set<Integer> cold = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Integer> workerOfPort = new ConcurrentHashMap<>();

    void add(int worker) {
        cold.add(worker);
    }

    /** It gets what others get, from now on. */
    void remove(int worker) {
        cold.remove(worker);
    }

    boolean contains(int worker) {
        return cold.contains(worker);
    }

    /** What comes from this port of ours is for that worker. */
    void expect(int port, int worker) {
        workerOfPort.put(port, worker);
    }

    void expectNoMore(int port) {
        workerOfPort.remove(port);
    }

    /** A balancer that leaves them out, and otherwise is another one. */
    Balancer leftOutOf(Balancer among) {
        return new Balancer() {
            @Override
            public Candidate choose(Connection connection, List<Candidate> candidates) {
                if (cold.isEmpty()) {
                    return among.choose(connection, candidates);
                }
                Optional<Integer> wanted =
                        connection.peer().map(InetSocketAddress::getPort).map(workerOfPort::get);
                List<Candidate> warm = new ArrayList<>();
                for (Candidate candidate : candidates) {
                    int worker = candidate.worker().id();
                    if (wanted.filter(id -> id == worker).isPresent()) {
                        return candidate;
                    }
                    if (!cold.contains(worker)) {
                        warm.add(candidate);
                    }
                }
                return among.choose(connection, warm.isEmpty() ? candidates : warm);
            }

            @Override
            public void taken(Candidate by) {
                among.taken(by);
            }

            @Override
            public void done(Candidate of, int connections) {
                among.done(of, connections);
            }

            @Override
            public void left(Candidate candidate) {
                among.left(candidate);
            }
        };
    }
}
