package dev.prefork.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.util.List;

class ExtraPipesTest {
    @Test
    void givenDescriptors_whenTheyAreWritten_thenTheWorkerReadsThem() {
        assertThat(ExtraPipes.write(List.of(4, 5, 10))).isEqualTo("4,5,10");
        assertThat(ExtraPipes.read("4,5,10")).containsExactly(4, 5, 10);
    }

    @Test
    void givenSomethingElse_whenItIsRead_thenItIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> ExtraPipes.read("4,,5"));
    }
}
