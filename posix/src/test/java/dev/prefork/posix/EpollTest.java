package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Epoll, and EventFd, its simplest source. */
@ExtendWith(NothingLeft.class)
@SuppressWarnings("try") // closes early what it would close anyway
class EpollTest {
    private static final int DEADLINE_MILLIS = 10_000;

    @Test
    void givenAnEventFd_whenItIsSetAndCleared_thenItIsReadableInBetweenHoweverOftenItWasSet()
            throws IOException {
        try (EventFd event = EventFd.open()) {
            assertThat(Readiness.now(event.descriptor(), Epoll.READABLE)).isZero();

            event.set();
            event.set();
            assertThat(Readiness.now(event.descriptor(), Epoll.READABLE)).isEqualTo(Epoll.READABLE);

            event.clear();
            assertThat(Readiness.now(event.descriptor(), Epoll.READABLE)).isZero();

            event.clear();
            assertThat(Readiness.now(event.descriptor(), Epoll.READABLE)).isZero();
        }
    }

    @Test
    void givenSeveralDescriptors_whenSomeAreReady_thenEachComesWithItsOwnTag() throws IOException {
        try (Epoll epoll = Epoll.open();
                EventFd first = EventFd.open();
                EventFd second = EventFd.open();
                EventFd third = EventFd.open()) {
            epoll.add(first.descriptor(), Epoll.READABLE, -1);
            epoll.add(second.descriptor(), Epoll.READABLE, 2);
            epoll.add(third.descriptor(), Epoll.READABLE | Epoll.WRITABLE, 0x1234_5678_9ABC_DEF0L);
            first.set();

            int count = epoll.await(DEADLINE_MILLIS);

            Map<Long, Integer> events = new TreeMap<>();
            for (int i = 0; i < count; i++) {
                events.put(epoll.tag(i), epoll.events(i));
            }
            assertThat(events)
                    .isEqualTo(Map.of(-1L, Epoll.READABLE, 0x1234_5678_9ABC_DEF0L, Epoll.WRITABLE));
        }
    }

    @Test
    void givenNothingReady_whenItDoesNotWait_thenThereAreNoEvents() throws IOException {
        try (Epoll epoll = Epoll.open()) {
            assertThat(epoll.await(0)).isZero();
            assertThat(epoll.await(1)).isZero();
        }
    }

    @Test
    void givenAReadyDescriptor_whenItsInterestChangesOrEnds_thenSoDoItsEvents() throws IOException {
        try (Epoll epoll = Epoll.open();
                EventFd event = EventFd.open()) {
            event.set();
            epoll.add(event.descriptor(), Epoll.READABLE, 1);
            assertThat(epoll.await(0)).isEqualTo(1);

            epoll.change(event.descriptor(), 0, 1);
            assertThat(epoll.await(0)).isZero();

            epoll.change(event.descriptor(), Epoll.READABLE | Epoll.WRITABLE, 9);
            assertThat(epoll.await(0)).isEqualTo(1);
            assertThat(epoll.tag(0)).isEqualTo(9);
            assertThat(epoll.events(0)).isEqualTo(Epoll.READABLE | Epoll.WRITABLE);

            epoll.remove(event.descriptor());
            assertThat(epoll.await(0)).isZero();
        }
    }

    @Test
    void givenAnEpollInAnother_whenItsDescriptorIsReady_thenTheOuterIsToo() throws IOException {
        try (Epoll outer = Epoll.open();
                Epoll inner = Epoll.open();
                EventFd event = EventFd.open()) {
            outer.add(inner.descriptor(), Epoll.READABLE, 7);
            inner.add(event.descriptor(), Epoll.READABLE, 8);
            assertThat(outer.await(0)).isZero();

            event.set();
            assertThat(outer.await(DEADLINE_MILLIS)).isEqualTo(1);
            assertThat(outer.tag(0)).isEqualTo(7);
            assertThat(inner.await(0)).isEqualTo(1);
            assertThat(inner.tag(0)).isEqualTo(8);

            event.clear();
            assertThat(outer.await(0)).isZero();
        }
    }

    @Test
    void givenAClosedPeer_whenNothingIsWaitedFor_thenTheHangUpComesAllTheSame() throws IOException {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        try (Fd mine = pair[0];
                Fd theirs = pair[1]) {
            theirs.close();

            assertThat(Readiness.now(mine.number(), 0)).isEqualTo(Epoll.HANG_UP);
        }
    }

    @Test
    void givenMoreReadyDescriptorsThanOneBatchHolds_whenAwaited_thenAllComeInTheEnd()
            throws IOException {
        EventFd[] events = new EventFd[300];
        try (Epoll epoll = Epoll.open()) {
            for (int i = 0; i < events.length; i++) {
                events[i] = EventFd.open();
                events[i].set();
                epoll.add(events[i].descriptor(), Epoll.READABLE, i);
            }
            int seen = 0;
            for (int count = epoll.await(0); count > 0; count = epoll.await(0)) {
                for (int i = 0; i < count; i++) {
                    events[(int) epoll.tag(i)].clear();
                    seen++;
                }
            }

            assertThat(seen).isEqualTo(events.length);
        } finally {
            for (EventFd event : events) {
                event.close();
            }
        }
    }

    @Test
    void givenADescriptorThatIsThereOrNot_whenItIsAddedOrRemovedWrongly_thenTheErrorSaysSo()
            throws IOException {
        try (Epoll epoll = Epoll.open();
                EventFd event = EventFd.open()) {
            int descriptor = event.descriptor();
            assertThatThrownBy(() -> epoll.remove(descriptor))
                    .hasMessage(
                            "epoll_ctl(fd " + descriptor + "): ENOENT (No such file or directory)");
            epoll.add(descriptor, Epoll.READABLE, 1);

            assertThatThrownBy(() -> epoll.add(descriptor, Epoll.READABLE, 1))
                    .hasMessage("epoll_ctl(fd " + descriptor + "): EEXIST (File exists)");
        }
    }

    @Test
    void givenAClosedEpoll_whenItIsClosedAgain_thenNothingHappens() throws IOException {
        Epoll epoll = Epoll.open();

        epoll.close();
        epoll.close();

        assertThatThrownBy(() -> epoll.await(0)).isInstanceOf(IllegalStateException.class);
    }
}
