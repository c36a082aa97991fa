package dev.prefork.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.posix.PortSteering;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Which senders reach which socket, and which of them move (SPEC D4, A12). */
class SharesTest {
    private final Shares shares = new Shares();

    private static long countOf(int[] hosts, int number) {
        return IntStream.of(hosts).filter(host -> host == number).count();
    }

    private static long moved(int[] before, int[] after) {
        return IntStream.range(0, before.length).filter(i -> before[i] != after[i]).count();
    }

    @Test
    void givenSockets_thenEachHasAsManyAsTheOthers() {
        for (int sockets = 1; sockets <= 20; sockets++) {
            List<Integer> all = IntStream.range(0, sockets).boxed().toList();
            int[] hosts = shares.among(sockets, all);

            int least = PortSteering.SHARES / sockets;
            for (int number : all) {
                assertThat(countOf(hosts, number)).isBetween((long) least - 1, (long) least + 2);
            }
        }
    }

    @Test
    void givenOneMore_thenOnlyWhatItGetsMoves() {
        int[] three = shares.among(3, List.of(0, 1, 2));
        int[] four = shares.among(4, List.of(0, 1, 2, 3));

        assertThat(moved(three, four)).isEqualTo(countOf(four, 3));
    }

    @Test
    void givenOneThatLeaves_thenOnlyItsSendersMoveAndComeBackWithIt() {
        int[] all = shares.among(4, List.of(0, 1, 2, 3));

        int[] without = shares.among(4, List.of(0, 2, 3));
        assertThat(moved(all, without)).isEqualTo(countOf(all, 1));
        assertThat(countOf(without, 1)).isZero();
        int[] withoutTwo = shares.among(4, List.of(0, 2));
        assertThat(moved(without, withoutTwo)).isEqualTo(countOf(without, 3));

        assertThat(shares.among(4, List.of(0, 1, 2, 3))).isEqualTo(all);
    }

    /** Whoever comes and goes: who is served keeps its own and its guests, unless they go home. */
    @Test
    void givenAnyHistory_thenNothingMovesWithoutNeed() {
        Random random = new Random(4711);
        int sockets = 1;
        int[] before = shares.among(1, List.of(0));
        for (int step = 0; step < 2000; step++) {
            sockets += sockets < 12 && random.nextInt(50) == 0 ? 1 : 0;
            List<Integer> served = new ArrayList<>();
            for (int number = 0; number < sockets; number++) {
                if (random.nextInt(4) > 0) {
                    served.add(number);
                }
            }
            if (served.isEmpty()) {
                continue;
            }
            // Where they are when all are there.
            int[] homes = new Shares().among(sockets, IntStream.range(0, sockets).boxed().toList());
            int[] after = shares.among(sockets, served);
            assertThat(IntStream.of(after).boxed()).isSubsetOf(served);
            for (int share = 0; share < after.length; share++) {
                if (after[share] != before[share] && served.contains(before[share])) {
                    assertThat(after[share]).isEqualTo(homes[share]);
                }
            }
            before = after;
        }
    }

    /** More than there are shares: the last ones get none. */
    @Test
    void givenMoreSocketsThanShares_thenEachShareGoesToOneThatIsThere() {
        int sockets = PortSteering.SHARES + 10;
        List<Integer> all = IntStream.range(0, sockets).boxed().toList();

        assertThat(IntStream.of(shares.among(sockets, all)).distinct().count())
                .isEqualTo(PortSteering.SHARES);
    }
}
