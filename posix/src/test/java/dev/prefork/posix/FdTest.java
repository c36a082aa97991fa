package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

@ExtendWith(NothingLeft.class)
@SuppressWarnings("try") // closes early what it would close anyway
class FdTest {
    private static final int F_DUPFD = 0;
    private static final int O_CLOEXEC = 0x80000;

    @Test
    void givenAnFd_whenItIsClosed_thenTheKernelHasClosedItToo() throws IOException {
        Fd fd = socket();
        int number = fd.number();

        fd.close();

        assertThat(fd.isOpen()).isFalse();
        assertThat(fd).hasToString("fd closed");
        assertThat(NothingLeft.descriptors()).doesNotContainKey(number);
    }

    @Test
    void givenAClosedFd_whenItIsClosedAgain_thenTheNextOwnerOfItsNumberIsSpared()
            throws IOException {
        try (Fd file = socket()) {
            // Up there no other thread of this JVM takes a number between closing and opening.
            Fd closed = Descriptors.duplicateAbove(file.number(), 500);
            int number = closed.number();
            closed.close();
            try (Fd next = Descriptors.duplicateAbove(file.number(), 500)) {
                assertThat(next.number()).isEqualTo(number);

                closed.close();

                assertThat(NothingLeft.target(number)).isEqualTo(NothingLeft.target(file.number()));
            }
        }
    }

    @Test
    void givenManyThreads_whenAllCloseTheSameFd_thenNoOtherDescriptorIsHit() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int round = 0; round < 200; round++) {
                Fd fd = socket();
                CountDownLatch start = new CountDownLatch(1);
                List<Future<Fd>> opened = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    opened.add(
                            threads.submit(
                                    () -> {
                                        start.await();
                                        fd.close();
                                        return socket();
                                    }));
                }

                start.countDown();

                for (Future<Fd> other : opened) {
                    try (Fd mine = other.get(10, TimeUnit.SECONDS)) {
                        assertThat(NothingLeft.target(mine.number())).startsWith("socket:");
                    }
                }
            }
        }
    }

    @Test
    void givenAnFd_whenItIsReleased_thenTheCallerOwnsTheDescriptor() throws IOException {
        Fd fd = socket();
        int number = fd.number();

        int released = fd.release();
        fd.close();

        assertThat(released).isEqualTo(number);
        assertThat(fd.isOpen()).isFalse();
        assertThat(NothingLeft.descriptors()).containsKey(number);
        Fd.owning(released).close();
    }

    @Test
    void givenAnFdThatIsGone_whenItIsUsed_thenItSaysSo() throws IOException {
        Fd fd = socket();
        fd.close();

        assertThatThrownBy(fd::number).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(fd::release).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(fd::duplicate).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void givenANegativeNumber_whenAnFdIsMade_thenItIsTheCallersMistake() {
        assertThatThrownBy(() -> Fd.owning(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("descriptor=-1");
    }

    @Test
    void givenAnFd_whenItIsDuplicated_thenBothAreTheSameOpenFileWithTheirOwnLives()
            throws IOException {
        try (Fd fd = socket();
                Fd duplicate = fd.duplicate()) {
            String file = NothingLeft.target(fd.number());
            assertThat(duplicate.number()).isGreaterThan(2).isNotEqualTo(fd.number());

            fd.close();

            assertThat(NothingLeft.target(duplicate.number())).isEqualTo(file);
        }
    }

    @Test
    void givenAnInheritedDescriptor_whenItIsAdopted_thenItIsCloseOnExec() throws IOException {
        try (Fd original = socket()) {
            int inherited = (int) Syscall.FCNTL.call(original.number(), F_DUPFD, 3);
            assertThat(NothingLeft.flags(inherited) & O_CLOEXEC).isZero();

            try (Fd adopted = Descriptors.adopt(inherited)) {
                assertThat(adopted.number()).isEqualTo(inherited);
                assertThat(NothingLeft.flags(inherited) & O_CLOEXEC).isNotZero();
            }
        }
    }

    @Test
    void givenANumberThatIsNotOpen_whenItIsAdopted_thenEbadf() {
        assertThatThrownBy(() -> Descriptors.adopt(19_999))
                .isInstanceOf(PosixException.class)
                .hasMessage("fcntl(fd 19999): EBADF (Bad file descriptor)");
    }

    @Test
    void givenANonBlockingSocket_whenItIsMadeBlocking_thenItsDuplicateBlocksToo()
            throws IOException {
        int nonBlocking = 0x800;
        try (Fd fd = socket();
                Fd duplicate = fd.duplicate()) {
            assertThat(NothingLeft.flags(duplicate.number()) & nonBlocking).isNotZero();

            Descriptors.setNonBlocking(fd.number(), false);
            assertThat(NothingLeft.flags(duplicate.number()) & nonBlocking).isZero();

            Descriptors.setNonBlocking(duplicate.number(), true);
            assertThat(NothingLeft.flags(fd.number()) & nonBlocking).isNotZero();
        }
    }

    private static Fd socket() throws PosixException {
        return Sockets.open(StandardProtocolFamily.UNIX, Sockets.Type.STREAM);
    }
}
