package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;

class ErrnoTest {
    @Test
    void givenAFailedCall_whenItsTextIsRead_thenItNamesCallSubjectAndCause() {
        PosixException failure = new PosixException("accept4", "fd 7", Errno.EMFILE);

        assertThat(failure).hasMessage("accept4(fd 7): EMFILE (Too many open files)");
        assertThat(failure.call()).isEqualTo("accept4");
        assertThat(failure.subject()).isEqualTo("fd 7");
        assertThat(failure.errno()).isEqualTo(24);
    }

    @Test
    void givenANumberWithoutAName_whenItIsDescribed_thenItStaysReadable() {
        PosixException failure = new PosixException("ioctl", "fd 3", 133);

        assertThat(failure).hasMessage("ioctl(fd 3): errno 133 (unknown error)");
    }

    @Test
    void givenEveryConstant_whenTheCLibraryIsAsked_thenNameAndTextAreItsOwn() throws Exception {
        List<Field> constants =
                Arrays.stream(Errno.class.getFields())
                        .filter(field -> Modifier.isStatic(field.getModifiers()))
                        .toList();

        assertThat(constants).hasSizeGreaterThan(20);
        for (Field constant : constants) {
            int number = constant.getInt(null);
            assertThat(Errno.name(number)).isEqualTo(constant.getName());
            if (isGlibc()) {
                assertThat(Errno.text(number)).isEqualTo(strerror(number));
            }
        }
    }

    private static boolean isGlibc() {
        return Linker.nativeLinker().defaultLookup().find("gnu_get_libc_version").isPresent();
    }

    @SuppressWarnings("restricted") // a C string has no length
    private static String strerror(int number) {
        long text = Libc.call(Libc.function("strerror"), number, 0, 0, 0, 0, 0, 0);
        return MemorySegment.ofAddress(text).reinterpret(256).getString(0);
    }
}
