package dev.prefork.classdata;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where class data is when nobody says. */
class UsualFolderTest {
    @TempDir Path home;

    private static Optional<Path> of(Map<String, String> environment) {
        return UsualFolder.of(environment::get);
    }

    @Test
    void givenACacheOfTheUser_whenAskedFor_thenItIsInThat() {
        assertThat(of(Map.of("XDG_CACHE_HOME", home + "/a/b", "HOME", "/")))
                .contains(home.resolve("a/b/prefork"));
    }

    @Test
    void givenOnlyAHome_whenAskedFor_thenItIsInItsCache() {
        assertThat(of(Map.of("HOME", home.toString()))).contains(home.resolve(".cache/prefork"));
        assertThat(of(Map.of("HOME", home.toString(), "XDG_CACHE_HOME", "relative")))
                .contains(home.resolve(".cache/prefork"));
    }

    @Test
    void givenNoPlace_whenAskedFor_thenThereIsNone() throws IOException {
        assertThat(of(Map.of())).isEmpty();
        assertThat(of(Map.of("HOME", "relative"))).isEmpty();
        assertThat(of(Map.of("HOME", home + "/a:b"))).isEmpty();
        assertThat(of(Map.of("HOME", "/proc/self"))).isEmpty();
        Files.createFile(home.resolve(".cache"));
        assertThat(of(Map.of("HOME", home.toString()))).isEmpty();
    }
}
