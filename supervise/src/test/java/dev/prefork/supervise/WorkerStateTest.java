package dev.prefork.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The table of a worker's life, cell by cell. */
class WorkerStateTest {
    /** State, turns: next state, deeds; a dot for "the same state, and nothing is done". */
    private static final String TABLE =
            """
            WAITING  TIMEOUT: STARTING FORK
            WAITING  TRY: TRIAL FORK
            WAITING  LEAVE, KILL: GONE
            WAITING  READY, UNREADY, DISCONNECTED, FINISHED, DIED, ADOPT, HURRY, OVERDUE: .
            WAITING  STILL_STARTS: .

            STARTING READY: READY
            STARTING DISCONNECTED: LOST
            STARTING FINISHED: GONE FINISH
            STARTING DIED: GONE REPLACE
            STARTING TIMEOUT: READY SAY_THAT_IT_DOES_NOT_LISTEN
            STARTING STILL_STARTS: STARTING SAY_THAT_IT_DOES_NOT_LISTEN
            STARTING LEAVE: STOPPING TERMINATE
            STARTING KILL: KILLED KILL
            STARTING TRY, ADOPT, UNREADY, HURRY, OVERDUE: .

            TRIAL    READY: PROBATION
            TRIAL    FINISHED, DIED: GONE FAIL
            TRIAL    TIMEOUT: DRAINING FAIL DISCONNECT
            TRIAL    ADOPT: STARTING
            TRIAL    LEAVE: STOPPING TERMINATE
            TRIAL    KILL: KILLED KILL
            TRIAL    DISCONNECTED, TRY, UNREADY, HURRY, OVERDUE, STILL_STARTS: .

            PROBATION TIMEOUT: READY SUCCEED
            PROBATION UNREADY: TRIAL
            PROBATION FINISHED, DIED: GONE FAIL
            PROBATION ADOPT: READY
            PROBATION LEAVE: DRAINING DISCONNECT
            PROBATION KILL: KILLED KILL
            PROBATION READY, DISCONNECTED, TRY, HURRY, OVERDUE, STILL_STARTS: .

            READY    DISCONNECTED: LOST
            READY    FINISHED: GONE FINISH
            READY    DIED: GONE REPLACE
            READY    TIMEOUT: READY BELIEVE SETTLE
            READY    LEAVE: DRAINING DISCONNECT
            READY    KILL: KILLED KILL
            READY    READY, UNREADY, TRY, ADOPT, HURRY, OVERDUE, STILL_STARTS: .

            DRAINING DISCONNECTED: STOPPING
            DRAINING FINISHED, DIED: GONE
            DRAINING TIMEOUT: STOPPING SAY_THAT_IT_STILL_SERVES TERMINATE
            DRAINING HURRY: STOPPING SAY_THAT_IT_MAKES_WAY TERMINATE
            DRAINING OVERDUE: KILLED SAY_THAT_IT_DOES_NOT_END KILL
            DRAINING KILL: KILLED KILL
            DRAINING READY, UNREADY, TRY, ADOPT, LEAVE, STILL_STARTS: .

            STOPPING FINISHED, DIED: GONE
            STOPPING OVERDUE: KILLED SAY_THAT_IT_DOES_NOT_END KILL
            STOPPING KILL: KILLED KILL
            STOPPING READY, UNREADY, DISCONNECTED, TIMEOUT, TRY, ADOPT, LEAVE, HURRY: .
            STOPPING STILL_STARTS: .

            KILLED   FINISHED, DIED: GONE
            KILLED   READY, UNREADY, DISCONNECTED, TIMEOUT, TRY, ADOPT, LEAVE: .
            KILLED   HURRY, OVERDUE, KILL, STILL_STARTS: .

            LOST     FINISHED: GONE FINISH
            LOST     DIED: GONE REPLACE
            LOST     TIMEOUT: LOST SAY_THAT_IT_DOES_NOT_END KILL
            LOST     LEAVE: STOPPING TERMINATE
            LOST     KILL: KILLED KILL
            LOST     READY, UNREADY, DISCONNECTED, TRY, ADOPT, HURRY, OVERDUE: .
            LOST     STILL_STARTS: .

            GONE     READY, UNREADY, DISCONNECTED, FINISHED, DIED, TIMEOUT: .
            GONE     TRY, ADOPT, LEAVE, HURRY, OVERDUE, KILL, STILL_STARTS: .
            """;

    private static final Map<String, Turn> TURNS =
            Map.ofEntries(
                    Map.entry("READY", new Turn.Ready()),
                    Map.entry("UNREADY", new Turn.Unready()),
                    Map.entry("DISCONNECTED", new WorkerEvent.Disconnected()),
                    Map.entry("FINISHED", new Turn.Finished()),
                    Map.entry("DIED", new Turn.Died()),
                    Map.entry("TIMEOUT", new WorkerEvent.TimedOut(WorkerState.STARTING)),
                    Map.entry("OVERDUE", new WorkerEvent.Overdue()),
                    Map.entry("TRY", new Turn.Try()),
                    Map.entry("ADOPT", new Turn.Adopt()),
                    Map.entry("LEAVE", new Turn.Leave()),
                    Map.entry("HURRY", new Turn.Hurry()),
                    Map.entry("KILL", new Turn.Kill()),
                    Map.entry("STILL_STARTS", new Turn.StillStarts()));

    record Cell(WorkerState state, String turn, WorkerState.Step expected) {
        @Override
        public String toString() {
            return state + " + " + turn;
        }
    }

    private static Stream<Cell> cells() {
        return TABLE.lines().filter(line -> !line.isBlank()).flatMap(WorkerStateTest::cells);
    }

    private static Stream<Cell> cells(String line) {
        String[] sides = line.split(":", -1);
        String[] left = sides[0].split("[ ,]+", -1);
        WorkerState state = WorkerState.valueOf(left[0]);
        String[] right = sides[1].strip().split(" ", -1);
        WorkerState next = right[0].equals(".") ? state : WorkerState.valueOf(right[0]);
        List<Deed> deeds = Arrays.stream(right).skip(1).map(Deed::valueOf).toList();
        return Arrays.stream(left)
                .skip(1)
                .map(turn -> new Cell(state, turn, new WorkerState.Step(next, deeds)));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void aCell(Cell cell) {
        assertThat(cell.state().on(TURNS.get(cell.turn()))).isEqualTo(cell.expected());
    }

    @Test
    void everyTurnIsInTheTable() {
        assertThat(TURNS.values().stream().<Class<?>>map(Object::getClass))
                .containsExactlyInAnyOrderElementsOf(records(Turn.class).toList());
    }

    private static Stream<Class<?>> records(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(WorkerStateTest::records)
                : Stream.of(type);
    }

    @Test
    void everyCellIsTestedOnce() {
        assertThat(cells().map(Cell::toString))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(WorkerState.values())
                                .flatMap(
                                        state ->
                                                TURNS.keySet().stream()
                                                        .map(turn -> state + " + " + turn))
                                .toList());
    }
}
