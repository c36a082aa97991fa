package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class NoteTest {
    private Fd here;
    private Fd there;

    @BeforeEach
    void open() throws PosixException {
        Fd[] ends = Sockets.pair(Sockets.Type.STREAM);
        here = ends[0];
        there = ends[1];
        Descriptors.setNonBlocking(there.number(), false);
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    @Test
    void whenWritten_thenItIsReadWithoutWhatFollows() throws PosixException {
        Note.write(here.number(), "7 0");
        Descriptors.writeByte(here.number());

        assertThat(Note.read(there.number(), 10)).contains("7 0");
        assertThat(Descriptors.readByte(there.number())).isTrue();
    }

    @Test
    void givenTheStreamEndsBeforeTheLineDoes_thenThereIsNone() throws PosixException {
        Descriptors.writeByte(here.number());
        here.close();

        assertThat(Note.read(there.number(), 10)).isEmpty();
    }

    @Test
    void givenALongerLineThanExpected_thenThereIsNone() throws PosixException {
        Note.write(here.number(), "12345678901");

        assertThat(Note.read(there.number(), 10)).isEmpty();
    }

    @Test
    void givenNobodyThere_whenWritten_thenItIsSaid() {
        there.close();

        assertThatExceptionOfType(PosixException.class)
                .isThrownBy(() -> Note.write(here.number(), "7 0"))
                .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EPIPE));
    }

    @Test
    void givenNoRoom_whenWritten_thenItIsSaid() throws PosixException {
        byte[] much = new byte[1 << 16];
        try (DescriptorSocket full =
                new DescriptorSocket(Descriptors.copy(here.number()), 1 << 16)) {
            while (full.send(much, 0, much.length, DescriptorSocket.NO_DESCRIPTOR) > 0) {}

            assertThatExceptionOfType(PosixException.class)
                    .isThrownBy(() -> Note.write(here.number(), "7 0"))
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EAGAIN));
        }
    }
}
