package dev.prefork.budget;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How memory is divided. */
class BudgetTest {
    private static final long MEGABYTE = 1 << 20;

    private static Budget budget(long megabytes, int jvms, int spares) {
        return new Budget(megabytes * MEGABYTE, 2, 2, jvms, spares);
    }

    @ParameterizedTest
    @CsvSource({"512,3", "1024,5", "2048,3", "8192,9", "24105,3", "262144,65"})
    void thatMuchHeapAndWhatElseAJvmNeeds_fitForAllOfThem(long megabytes, int jvms) {
        Budget budget = budget(megabytes, jvms, 0);

        long heap = budget.heap() / MEGABYTE;

        assertThat(budget.isEnough()).isTrue();
        assertThat(jvms * (heap + 64)).isLessThan(megabytes);
        assertThat(jvms * heap).isGreaterThan((megabytes - 96) / 2);
    }

    @Test
    void sparesTakeOfIt() {
        assertThat(budget(1024, 5, 2).heap()).isLessThan(budget(1024, 5, 0).heap());
    }

    @Test
    void givenTooLittle_thenItIsWhatAJvmCanDoWith() {
        Budget budget = budget(512, 30, 0);

        assertThat(budget.isEnough()).isFalse();
        assertThat(budget.heap()).isEqualTo(32 * MEGABYTE);
    }

    @ParameterizedTest
    @CsvSource({"128,64", "240,120", "300,124", "1024,256", "24000,6000"})
    void javaAloneTakesAQuarter_butMoreOfASmallMachine(long megabytes, long heap) {
        assertThat(budget(megabytes, 1, 0).heapOfJavaAlone()).isEqualTo(heap * MEGABYTE);
    }

    @ParameterizedTest
    @CsvSource({"1024,1.5625", "2048,1.5625", "4096,0.78125", "24576,0.13020833333333334"})
    void fromTheStartAJvmHasNoMoreThanItNeeds(long megabytes, double percentage) {
        assertThat(budget(megabytes, 3, 0).firstHeapPercentage()).isEqualTo(percentage);
    }

    @ParameterizedTest
    @CsvSource({"1,1,true", "2,1,false", "2,2,true", "4,3,false", "4,8,true"})
    void asManyWorkersAsProcessorsHaveOneEach(int processors, int workers, boolean one) {
        assertThat(new Budget(MEGABYTE, processors, workers, workers + 1, 0).isOneProcessorEach())
                .isEqualTo(one);
    }
}
