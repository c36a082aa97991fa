package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;

/**
 * Walks the error paths of an operation: with room for n descriptors, for n from 0 until it works,
 * and with its n-th system call failing, for n from 1 until it works. Each time it works or fails
 * with a {@link PosixException}, and leaves no descriptor behind.
 */
public final class Scarcity {
    /** No operation needs more: the table ends. */
    private static final int MOST = 200;

    /** EBADF: posix_spawn's file actions refuse numbers above the limit. */
    private static final Set<Integer> LIMIT_ERRNOS = Set.of(Errno.EMFILE, Errno.EBADF);

    /** What makes something, and closes what it has made. */
    @FunctionalInterface
    public interface Operation {
        void run() throws IOException;
    }

    private Scarcity() {}

    /** Both tables. */
    public static void walk(Operation operation) throws IOException {
        // Every class that the good path needs, then those of the bad ones, is loaded with room.
        operation.run();
        walkCalls(operation);
        walkLimits(operation);
    }

    /** The n-th call of this thread fails. */
    public static void walkCalls(Operation operation) throws IOException {
        for (int errno : FailingKernel.ERRNOS) {
            boolean reached = true;
            for (int n = 1; reached; n++) {
                var before = NothingLeft.descriptors();
                try (FailingKernel kernel = FailingKernel.ofThisThread()) {
                    kernel.fail(n, errno);
                    attempt(operation, Set.of(errno));
                    reached = kernel.failed();
                    assertThat(n).as(() -> "calls: " + kernel.calls()).isLessThan(MOST);
                }
                assertThat(NothingLeft.descriptors())
                        .as("call %s failed with %s", n, Errno.name(errno))
                        .isEqualTo(before);
            }
        }
    }

    /** This process has room for n descriptors. */
    public static void walkLimits(Operation operation) throws IOException {
        try (DescriptorLimit limit = new DescriptorLimit()) {
            boolean works = false;
            for (int n = 0; !works; n++) {
                var before = NothingLeft.descriptors();
                limit.leave(n);
                try {
                    works = attempt(operation, LIMIT_ERRNOS);
                } finally {
                    limit.restore();
                }
                assertThat(NothingLeft.descriptors()).as("room for %s", n).isEqualTo(before);
                assertThat(n).isLessThan(MOST);
            }
        }
    }

    /** Whether it worked; if it did not, one of these was the reason. */
    private static boolean attempt(Operation operation, Set<Integer> errnos) throws IOException {
        try {
            operation.run();
            return true;
        } catch (PosixException typed) {
            if (!errnos.contains(typed.errno())) {
                throw typed;
            }
            return false;
        }
    }
}
