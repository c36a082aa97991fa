package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Tries an operation with no descriptor left, with one, with two, until it works. Each time it
 * works or throws what the JDK would; nothing is left open, and the same call works once there are
 * descriptors again. SPEC E2.
 */
final class FewDescriptors {
    private static final int PLENTY = 100;

    /** What is called under the limit. */
    interface Preparation {
        /**
         * Makes what the call needs.
         *
         * @return the call; what it returns, or null, is closed at the end
         */
        Callable<? extends AutoCloseable> in(Scene scene) throws Exception;
    }

    interface Check {
        void run() throws Exception;
    }

    /** What is closed at the end of an attempt, the last first. */
    static final class Scene implements AutoCloseable {
        private final Deque<AutoCloseable> all = new ArrayDeque<>();

        /** How one sees, once the call has worked, that all is well. */
        Check afterwards = () -> {};

        <T extends AutoCloseable> T own(T closeable) {
            if (closeable != null) {
                all.push(closeable);
            }
            return closeable;
        }

        @Override
        public void close() throws IOException {
            while (!all.isEmpty()) {
                try {
                    all.pop().close();
                } catch (IOException | RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new AssertionError("sockets throw nothing else", e);
                }
            }
        }
    }

    private FewDescriptors() {}

    /** Returns how many descriptors the operation takes. */
    static int untilItWorks(Preparation preparation) throws Exception {
        try (DescriptorLimit limit = new DescriptorLimit()) {
            // Once before: classes are loaded from folders, and the JDK opens some things for ever.
            boolean worksAtAll = attempt(limit, PLENTY, preparation);
            assertThat(worksAtAll).isTrue();
            int left = 0;
            while (!attempt(limit, left, preparation)) {
                left++;
                assertThat(left).isLessThan(20);
            }
            return left;
        }
    }

    private static boolean attempt(DescriptorLimit limit, int left, Preparation preparation)
            throws Exception {
        Map<Integer, String> before = NothingLeft.descriptors();
        IOException failure = null;
        try (Scene scene = new Scene()) {
            Callable<? extends AutoCloseable> call = preparation.in(scene);
            limit.leave(left);
            try {
                var _ = scene.own(call.call());
            } catch (IOException e) {
                failure = e;
            } finally {
                limit.restore();
            }
            if (failure != null) {
                assertThat(failure).hasMessageContaining("Too many open files");
                var _ = scene.own(call.call());
            }
            scene.afterwards.run();
        }
        // Soon, and not with the JDK's cleaner, which closes what is garbage.
        await("descriptors are those of before, left=" + left)
                .atMost(Duration.ofSeconds(2))
                .pollInterval(Duration.ofMillis(2))
                .untilAsserted(() -> assertThat(NothingLeft.descriptors()).isEqualTo(before));
        return failure == null;
    }
}
