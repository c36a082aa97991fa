package dev.prefork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.posix.Errno;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.BindException;
import java.net.SocketException;

/** SPEC E1. */
class BindFailuresTest {
    @ParameterizedTest
    @ValueSource(ints = {Errno.EADDRINUSE, Errno.EADDRNOTAVAIL, Errno.EACCES, Errno.EPERM})
    void givenAnAddressThatCannotBeHad_whenThrown_thenItIsABindException(int errno) {
        SocketException failure = BindFailures.of(errno);

        assertThat(failure).isExactlyInstanceOf(BindException.class).hasMessage(Errno.text(errno));
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EINVAL, Errno.EMFILE, Errno.ENOBUFS, Errno.EAFNOSUPPORT, 4095})
    void givenAnotherFailure_whenThrown_thenItIsASocketException(int errno) {
        SocketException failure = BindFailures.of(errno);

        assertThat(failure)
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage(Errno.text(errno));
    }

    @Test
    void givenAFailure_whenThrownAgain_thenItIsTheSameOfAnotherStack() {
        IOException bind = BindFailures.again(new BindException("taken"));
        IOException socket = BindFailures.again(new SocketException("leaving"));

        assertThat(bind).isExactlyInstanceOf(BindException.class).hasMessage("taken");
        assertThat(socket).isExactlyInstanceOf(SocketException.class).hasMessage("leaving");
    }

    @Test
    void givenWhatIsNoSocketException_whenThrownAgain_thenItIsTheCause() {
        RuntimeException cause = new IllegalStateException("a fault");

        IOException again = BindFailures.again(cause);

        assertThat(again).isExactlyInstanceOf(IOException.class).hasCause(cause);
    }
}
