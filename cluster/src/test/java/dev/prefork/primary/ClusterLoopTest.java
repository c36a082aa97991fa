package dev.prefork.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.prefork.SchedulingPolicy;
import dev.prefork.listen.Balancing;
import dev.prefork.listen.ListenHandles;
import dev.prefork.posix.Errno;
import dev.prefork.posix.FailingKernel;
import dev.prefork.posix.NothingLeft;
import dev.prefork.posix.PosixException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a task does to the loop that all workers share: nothing. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class ClusterLoopTest {
    private ClusterLoop loop;

    @BeforeEach
    void open() throws PosixException {
        loop = start();
    }

    private static ClusterLoop start() throws PosixException {
        return ClusterLoop.start(
                made ->
                        new ListenHandles(
                                made,
                                SchedulingPolicy.ROUND_ROBIN,
                                Balancing.ByAddress.DEFAULT,
                                _ -> {}));
    }

    @AfterEach
    void close() {
        loop.loop().close();
    }

    @Test
    void givenATaskThatThrows_whenCalled_thenItsCallerIsToldWhatItThrew() throws PosixException {
        PosixException full = new PosixException("accept4", "x", Errno.EMFILE);

        assertThatExceptionOfType(PosixException.class)
                .isThrownBy(
                        () ->
                                loop.call(
                                        () -> {
                                            throw full;
                                        }))
                .isSameAs(full);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                loop.call(
                                        () -> {
                                            throw new IllegalArgumentException("n=0");
                                        }));
        assertThatExceptionOfType(StackOverflowError.class)
                .isThrownBy(
                        () ->
                                loop.call(
                                        () -> {
                                            throw new StackOverflowError();
                                        }));
        assertThat(loop.<Integer>call(() -> 1)).isEqualTo(1);
    }

    /** SPEC F11. */
    @Test
    void givenATaskThatNobodyWaitsFor_whenItThrows_thenThatIsLoggedAndTheLoopGoesOn()
            throws PosixException {
        Logger logger = Logger.getLogger(ClusterLoop.class.getName());
        LastRecord last = new LastRecord();
        logger.addHandler(last);
        logger.setUseParentHandlers(false);
        try {
            loop.tell(
                    handles -> {
                        throw new StackOverflowError("too deep");
                    });

            assertThat(loop.<Integer>call(() -> 2)).isEqualTo(2);
            assertThat(last.thrown).isInstanceOf(StackOverflowError.class);
        } finally {
            logger.setUseParentHandlers(true);
            logger.removeHandler(last);
        }
    }

    private static final class LastRecord extends Handler {
        private volatile Throwable thrown;

        @Override
        public void publish(LogRecord entry) {
            thrown = entry.getThrown();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    void givenTheLoopsOwnThread_whenItCallsTheLoop_thenThatIsRefusedAndDoesNotWaitForEver()
            throws PosixException {
        assertThatIllegalStateException()
                .isThrownBy(() -> loop.<Integer>call(() -> loop.call(() -> 1)))
                .withMessageContaining("cluster-loop");
    }

    @Test
    void givenAClosedLoop_whenCalled_thenThatIsRefused() {
        loop.loop().close();

        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> loop.call(() -> 1));
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> loop.tell(handles -> {}));
    }

    @Test
    void givenTheNthCallFails_whenALoopIsStarted_thenThatIsToldAndNothingIsLeft() throws Exception {
        for (int errno : FailingKernel.ERRNOS) {
            boolean reached = true;
            for (int n = 1; reached; n++) {
                var before = NothingLeft.descriptors();
                try (FailingKernel kernel = FailingKernel.ofThisThread()) {
                    // What wakes the loop up is a counter in the kernel, which needs nothing.
                    kernel.excluding("write").fail(n, errno);
                    start().loop().close();
                    reached = kernel.failed();
                } catch (PosixException refused) {
                    assertThat(refused.errno()).isEqualTo(errno);
                }
                assertThat(NothingLeft.descriptors()).isEqualTo(before);
                assertThat(n).isLessThan(100);
            }
        }
    }
}
