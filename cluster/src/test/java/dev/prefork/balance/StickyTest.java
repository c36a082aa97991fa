package dev.prefork.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.prefork.Balancer;
import dev.prefork.Balancer.Candidate;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Whose client is whose. */
class StickyTest {
    private static final int CLIENTS = 10_000;

    private final Balancer sticky = Balancer.sticky();

    /** The workers of so many client addresses. */
    private List<Candidate> homes(List<FakeCandidate> candidates) {
        List<Candidate> homes = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            String address = "10.%d.%d.7".formatted(i / 250, i % 250);
            homes.add(
                    sticky.choose(
                            FakeCandidate.from(address, 40_000 + i), List.copyOf(candidates)));
        }
        return homes;
    }

    @Test
    void givenAClient_whenItComesAgainFromAnyPort_thenItGoesToTheSameWorkerBusyOrNot() {
        List<FakeCandidate> all = FakeCandidate.several(5);
        Candidate home = sticky.choose(FakeCandidate.from("2001:db8::7", 1), List.copyOf(all));

        all.forEach(candidate -> candidate.free(!candidate.equals(home)).connections(7));

        for (int port = 2; port < 100; port++) {
            assertThat(sticky.choose(FakeCandidate.from("2001:db8::7", port), List.copyOf(all)))
                    .isSameAs(home);
        }
    }

    @Test
    void givenManyClients_whenTheyCome_thenEachWorkerHasAsMany() {
        List<FakeCandidate> all = FakeCandidate.several(4);

        List<Candidate> homes = homes(all);

        for (Candidate each : all) {
            assertThat(FakeCandidate.count(homes, each)).isCloseTo(2500, within(200L));
        }
    }

    @Test
    void givenWeights_whenManyClientsCome_thenEachWorkerHasThemByItsWeight() {
        List<FakeCandidate> all = FakeCandidate.several(3);
        all.get(2).weight(2);

        List<Candidate> homes = homes(all);

        assertThat(FakeCandidate.count(homes, all.get(0))).isCloseTo(2500, within(200L));
        assertThat(FakeCandidate.count(homes, all.get(2))).isCloseTo(5000, within(250L));
    }

    @Test
    void givenAWorkerMore_whenTheClientsComeAgain_thenItHasItsPartAndTheOthersKeepTheirs() {
        List<FakeCandidate> all = FakeCandidate.several(5);
        List<Candidate> before = homes(all.subList(0, 4));

        List<Candidate> after = homes(all);

        assertThat(FakeCandidate.count(after, all.get(4))).isCloseTo(2000, within(200L));
        for (int i = 0; i < CLIENTS; i++) {
            assertThat(after.get(i)).isIn(before.get(i), all.get(4));
        }
    }

    @Test
    void givenAWorkerLess_whenTheClientsComeAgain_thenOnlyItsOwnGoToOthersAndToAllOfThem() {
        List<FakeCandidate> all = FakeCandidate.several(5);
        List<Candidate> before = homes(all);

        List<Candidate> after = homes(all.subList(1, 5));

        List<Candidate> moved = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            if (before.get(i).equals(all.get(0))) {
                moved.add(after.get(i));
            } else {
                assertThat(after.get(i)).isSameAs(before.get(i));
            }
        }
        for (Candidate each : all.subList(1, 5)) {
            assertThat(FakeCandidate.count(moved, each)).isCloseTo(500, within(120L));
        }
    }

    @Test
    void givenASuccessorInASlot_whenTheClientsComeAgain_thenItHasThoseOfTheOneBefore() {
        FakeCandidate old = new FakeCandidate(1).slot(0);
        FakeCandidate other = new FakeCandidate(2).slot(1);
        FakeCandidate next = new FakeCandidate(3).slot(0);
        List<Candidate> before = homes(List.of(old, other));

        List<Candidate> meanwhile = homes(List.of(old, other, next));
        List<Candidate> after = homes(List.of(other, next));

        assertThat(meanwhile).isEqualTo(before);
        assertThat(after)
                .isEqualTo(before.stream().map(home -> home.equals(old) ? next : home).toList());
    }

    /** They are numbered alike. */
    @Test
    void givenAWorkerWithTheNumberOfAnothersSlot_whenClientsCome_thenEachHasItsOwn() {
        FakeCandidate inSlot = new FakeCandidate(7).slot(1);
        FakeCandidate single = new FakeCandidate(1);

        List<Candidate> homes = homes(List.of(inSlot, single));

        assertThat(FakeCandidate.count(homes, single)).isCloseTo(5000, within(250L));
    }

    @Test
    void givenClientsWithoutAnAddress_whenTheyCome_thenTheFreeOneWithTheFewestGetsThem() {
        List<FakeCandidate> all = FakeCandidate.several(3);
        all.get(0).connections(2);
        all.get(1).free(false);

        assertThat(FakeCandidate.chosen(sticky, all, 3)).containsOnly(all.get(2));
    }

    @Test
    void givenNeighbours_whenTheyCome_thenTheyAreSpreadAsStrangersAre() {
        List<FakeCandidate> all = FakeCandidate.several(2);

        long first =
                Stream.iterate(0, i -> i < 256, i -> i + 1)
                        .map(i -> FakeCandidate.from("192.168.1." + i, 1))
                        .filter(
                                client ->
                                        sticky.choose(client, List.copyOf(all)).equals(all.get(0)))
                        .count();

        assertThat(first).isCloseTo(128, within(40L));
    }
}
