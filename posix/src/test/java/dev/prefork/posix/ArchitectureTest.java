package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Locale;

class ArchitectureTest {
    @ParameterizedTest
    @CsvSource({
        "amd64,X86_64",
        "x86_64,X86_64",
        "AMD64,X86_64",
        "aarch64,AARCH64",
        "arm64,AARCH64"
    })
    void givenLinuxOnAKnownProcessor_whenItIsDetected_thenItIsThatOne(
            String arch, Architecture expected) {
        assertThat(Architecture.detect("Linux", arch)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"Mac OS X,aarch64", "Windows 11,amd64", "Linux,riscv64", "Linux,i386"})
    void givenAnotherMachine_whenItIsDetected_thenOneClearSentenceSaysSo(String os, String arch) {
        assertThatThrownBy(() -> Architecture.detect(os, arch))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage(
                        "Prefork runs on Linux on x86-64 and aarch64; this is "
                                + os
                                + " on "
                                + arch);
    }

    @Test
    void givenATurkishLocale_whenItIsDetected_thenTheLetterIDoesNotMatter() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr"));
        try {
            assertThat(Syscall.EPOLL_PWAIT.manualName()).isEqualTo("epoll_pwait");
            assertThat(Architecture.detect("Linux", "AARCH64")).isEqualTo(Architecture.AARCH64);
        } finally {
            Locale.setDefault(before);
        }
    }
}
