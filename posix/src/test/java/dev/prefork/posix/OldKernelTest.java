package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;

/** musl has no way to close everything in the child, and Linux before 5.11 none to mark it. */
@ExtendWith(NothingLeft.class)
class OldKernelTest {
    private static final String CLOSE_FROM = "posix_spawn_file_actions_addclosefrom_np";
    private static final int F_DUPFD = 0;

    @ParameterizedTest
    @ValueSource(ints = {Errno.EINVAL, Errno.ENOSYS})
    void givenNeither_whenAChildIsStarted_thenItStillHasNoDescriptorOfOurs(int errno)
            throws IOException {
        try (EventFd event = EventFd.open();
                Fd leaky = Fd.owning((int) Syscall.FCNTL.call(event.descriptor(), F_DUPFD, 40))) {
            assertThat(leaky.isOpen()).isTrue();
            try (FailingKernel kernel = FailingKernel.ofThisThread()) {
                kernel.fail(CLOSE_FROM, 1, Errno.ENOSYS).failAlso("close_range", errno);

                // 3 is the folder that ls itself has open.
                assertThat(Run.of("ls", "/proc/self/fd").out().lines())
                        .containsExactly("0", "1", "2", "3");
                assertThat(kernel.failed()).isTrue();
                assertThat(kernel.calls()).contains("close_range");
            }
        }
    }

    @Test
    void givenAnotherError_whenAChildIsStarted_thenItIsTold() {
        try (FailingKernel kernel = FailingKernel.ofThisThread()) {
            kernel.fail(CLOSE_FROM, 1, Errno.ENOSYS).failAlso("close_range", Errno.EPERM);

            assertThatThrownBy(() -> Run.of("true"))
                    .isInstanceOf(PosixException.class)
                    .hasMessage("close_range(fd 3 and above): EPERM (Operation not permitted)");
        }
    }
}
