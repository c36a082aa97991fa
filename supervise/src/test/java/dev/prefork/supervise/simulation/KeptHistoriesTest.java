package dev.prefork.supervise.simulation;

import static dev.prefork.supervise.simulation.Step.Kind.FINISHES;
import static dev.prefork.supervise.simulation.Step.Kind.IS_KILLED;
import static dev.prefork.supervise.simulation.Step.Kind.IS_ONLINE;
import static dev.prefork.supervise.simulation.Step.Kind.LISTENS;
import static dev.prefork.supervise.simulation.Step.Kind.LOSES_ITS_CHANNEL;
import static dev.prefork.supervise.simulation.Step.Kind.NO_FORK;
import static dev.prefork.supervise.simulation.Step.Kind.ONE_FEWER;
import static dev.prefork.supervise.simulation.Step.Kind.RELOAD;
import static dev.prefork.supervise.simulation.Step.Kind.TIMER;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.Stream;

/** What once went wrong, as short as it could be made. */
class KeptHistoriesTest {
    static Stream<Arguments> histories() {
        return Stream.of(
                Arguments.of(
                        "a newcomer without a channel was believed",
                        new History(
                                3,
                                1,
                                List.of(
                                        new Step(IS_ONLINE, 496_984_648),
                                        new Step(LISTENS, 1_906_765_381),
                                        new Step(RELOAD, 245_272_186),
                                        new Step(TIMER, 757_211_421),
                                        new Step(LOSES_ITS_CHANNEL, 911_538_783),
                                        new Step(TIMER, 1_945_755_140),
                                        new Step(TIMER, 1_183_919_324)))),
                Arguments.of(
                        "a newcomer without a channel was adopted",
                        new History(
                                2,
                                1,
                                List.of(
                                        new Step(RELOAD, 1_533_526_712),
                                        new Step(LOSES_ITS_CHANNEL, 342_460_454),
                                        new Step(LOSES_ITS_CHANNEL, 1_604_454_351)))),
                Arguments.of(
                        "two drained in one slot",
                        new History(
                                3,
                                1,
                                List.of(
                                        new Step(RELOAD, 640_263_789),
                                        new Step(TIMER, 840_962_749),
                                        new Step(TIMER, 490_710_185),
                                        new Step(NO_FORK, 964_800_752),
                                        new Step(TIMER, 517_514_296),
                                        new Step(RELOAD, 616_322_620),
                                        new Step(TIMER, 539_418_018),
                                        new Step(IS_KILLED, 647_099_712),
                                        new Step(TIMER, 891_431_366),
                                        new Step(IS_KILLED, 1_565_878_929)))),
                Arguments.of(
                        "one fewer closed a port that only its slot kept",
                        new History(
                                2,
                                1,
                                List.of(
                                        new Step(IS_ONLINE, 0),
                                        new Step(IS_ONLINE, 0),
                                        new Step(LISTENS, 4),
                                        new Step(LISTENS, 1),
                                        new Step(LISTENS, 5),
                                        new Step(ONE_FEWER, 0)))),
                Arguments.of(
                        "one fewer was the only one that served",
                        new History(
                                2,
                                1,
                                List.of(
                                        new Step(IS_ONLINE, 0),
                                        new Step(IS_ONLINE, 0),
                                        new Step(LISTENS, 0),
                                        new Step(LISTENS, 3),
                                        new Step(RELOAD, 0),
                                        new Step(IS_KILLED, 0),
                                        new Step(ONE_FEWER, 0)))),
                Arguments.of(
                        "what one that lost its channel had listened on was not thought to be kept",
                        new History(
                                2,
                                2,
                                List.of(
                                        new Step(IS_KILLED, 0),
                                        new Step(RELOAD, 0),
                                        new Step(IS_ONLINE, 3),
                                        new Step(LISTENS, 0),
                                        new Step(TIMER, 0),
                                        new Step(LOSES_ITS_CHANNEL, 3),
                                        new Step(IS_ONLINE, 2),
                                        new Step(LISTENS, 0),
                                        new Step(LOSES_ITS_CHANNEL, 2),
                                        new Step(FINISHES, 0),
                                        new Step(ONE_FEWER, 0)))),
                Arguments.of(
                        "a reload succeeded with one that had not begun",
                        new History(1, 1, List.of(new Step(RELOAD, 0), new Step(FINISHES, 0)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("histories")
    void givenAHistoryThatWentWrong_whenItHappensAgain_thenItDoesNot(String what, History history) {
        assertThat(history.fault()).as(what).isEmpty();
    }
}
