package dev.prefork.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.AddressType;
import dev.prefork.Balancer;
import dev.prefork.ListeningAddress;
import dev.prefork.listen.Balancing;
import dev.prefork.listen.NoClient;
import dev.prefork.wire.ListenAddress;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What an application's own code can do wrong costs nothing but its say. */
class GuardedBalancerTest {
    private static final ListenAddress ADDRESS =
            ListenAddress.of(Optional.of("127.0.0.1"), 8000, AddressType.TCP4);

    /** Kept: else it would be forgotten with its handler. */
    private final Logger logger = Logger.getLogger(Complaint.class.getName());

    private final List<LogRecord> logged = new ArrayList<>();
    private final Handler handler =
            new Handler() {
                @Override
                public void publish(LogRecord entry) {
                    logged.add(entry);
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
    }

    @AfterEach
    void stop() {
        logger.setUseParentHandlers(true);
        logger.removeHandler(handler);
    }

    private static Optional<Balancing<?>> of(Function<ListeningAddress, Balancer> wanted) {
        Balancers balancers = new Balancers(NamedWorker::of);
        balancers.set(wanted);
        return balancers.of(ADDRESS);
    }

    @Test
    void givenTheDefault_whenAnAddressIsOpened_thenNobodyIsAskedForItsConnections() {
        assertThat(new Balancers(NamedWorker::of).of(ADDRESS)).isEmpty();
        assertThat(of(_ -> Balancer.leastConnections())).isEmpty();
        assertThat(of(_ -> Balancer.roundRobin())).isPresent();
    }

    @Test
    void givenAnAddress_whenItIsOpened_thenItsBalancerIsAskedForWithTheNameThatTheWorkerGave() {
        List<ListeningAddress> asked = new ArrayList<>();

        of(
                address -> {
                    asked.add(address);
                    return Balancer.sticky();
                });

        assertThat(asked).containsExactly(ADDRESS.described());
    }

    @Test
    void givenAFunctionThatFails_whenAddressesAreOpened_thenTheyHaveTheDefaultAndItIsSaidOnce() {
        Balancers balancers = new Balancers(NamedWorker::of);
        List<Function<ListeningAddress, Balancer>> broken =
                List.of(
                        _ -> null,
                        _ -> {
                            throw new StackOverflowError();
                        });

        for (Function<ListeningAddress, Balancer> each : broken) {
            balancers.set(each);
            assertThat(balancers.of(ADDRESS)).isEmpty();
        }

        assertThat(logged).hasSize(1);
    }

    @Test
    void givenABalancerThatFails_whenItIsAsked_thenItChoosesNothingAndThatIsSaidOnce() {
        List<FakeCandidate> candidates = FakeCandidate.several(2);
        Balancer broken =
                new Balancer() {
                    private int call;

                    @Override
                    public Candidate choose(Connection connection, List<Candidate> all) {
                        return switch (++call) {
                            case 1 -> throw new IllegalStateException("broken");
                            case 2 -> null;
                            case 3 -> new FakeCandidate(1);
                            case 4 -> {
                                all.clear();
                                yield all.getFirst();
                            }
                            default -> all.getLast();
                        };
                    }

                    @Override
                    public void taken(Candidate by) {
                        throw new AssertionError("broken");
                    }

                    @Override
                    public void done(Candidate of, int connections) {
                        throw new AssertionError("broken");
                    }

                    @Override
                    public void left(Candidate candidate) {
                        throw new AssertionError("broken");
                    }
                };
        GuardedBalancer guarded =
                new GuardedBalancer(broken, NamedWorker::of, new Complaint("failed address=x"));
        List<Balancer.Candidate> shown = List.copyOf(candidates);

        List<Integer> chosen = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            chosen.add(guarded.choose(NoClient.get(), shown));
        }
        guarded.taken(shown.getFirst());
        guarded.done(shown.getFirst(), 1);
        guarded.left(shown.getFirst());

        assertThat(chosen)
                .containsExactly(Balancing.NONE, Balancing.NONE, Balancing.NONE, Balancing.NONE, 1);
        assertThat(logged)
                .singleElement()
                .satisfies(
                        line -> {
                            assertThat(line.getMessage()).isEqualTo("failed address=x");
                            assertThat(line.getThrown()).hasMessage("broken");
                        });
    }
}
