package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.posix.Fd;
import dev.prefork.posix.Sockets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** SPEC A4. */
@ExtendWith(NothingLeft.class)
class QueueSourceTest {
    private final AtomicInteger closes = new AtomicInteger();
    private final List<String> answers = new ArrayList<>();

    @Test
    void givenTwoOffers_whenTheyAreTaken_thenTheyComeInOrderAndAreAnsweredFirst()
            throws IOException {
        try (QueueSource source = source();
                Fd first = connection();
                Fd second = connection()) {
            source.offer(first, answer -> answers.add("first " + answer + " " + first.isOpen()));
            source.offer(second, answer -> answers.add("second " + answer));

            assertThat(source.take()).isSameAs(first);
            assertThat(answers).containsExactly("first true true");
            assertThat(source.take()).isSameAs(second);
            assertThat(answers).containsExactly("first true true", "second true");
            assertThat(source.take()).isNull();
        }
    }

    @Test
    void givenAQueue_whenItIsFilledAndEmptied_thenItIsReadableWhileNotEmpty() throws IOException {
        try (QueueSource source = source();
                Fd first = connection();
                Fd second = connection()) {
            assertThat(Polled.isReadable(source.descriptor())).isFalse();
            source.offer(first, answer -> {});
            source.offer(second, answer -> {});

            assertThat(Polled.isReadable(source.descriptor())).isTrue();
            source.take();
            assertThat(Polled.isReadable(source.descriptor())).isTrue();
            source.take();
            assertThat(Polled.isReadable(source.descriptor())).isFalse();
        }
    }

    @Test
    void givenWaitingOffers_whenTheSourceIsClosed_thenTheyAreRefusedAndTheirDescriptorsClosed()
            throws IOException {
        QueueSource source = source();
        Fd left = connection();
        source.offer(left, answer -> answers.add("left " + answer));

        source.close();
        source.close();

        assertThat(answers).containsExactly("left false");
        assertThat(left.isOpen()).isFalse();
        assertThat(closes).hasValue(1);
        assertThat(source.take()).isNull();
    }

    @Test
    void givenAClosedSource_whenAConnectionIsOffered_thenItIsRefusedAndClosed() throws IOException {
        QueueSource source = source();
        source.close();
        Fd late = connection();

        assertThat(source.offer(late, answer -> answers.add("late " + answer))).isFalse();

        assertThat(answers).containsExactly("late false");
        assertThat(late.isOpen()).isFalse();
    }

    @Test
    void givenManyThreads_whenTheyOfferTakeAndClose_thenEveryOfferIsAnsweredOnce()
            throws Exception {
        int offers = 2_000;
        AtomicInteger accepted = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        CountDownLatch halfway = new CountDownLatch(offers / 2);
        QueueSource source = source();
        Thread taker =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    while (halfway.getCount() > 0) {
                                        Fd connection = source.take();
                                        if (connection != null) {
                                            taken.incrementAndGet();
                                            connection.close();
                                        }
                                    }
                                    source.close();
                                });
        for (int i = 0; i < offers; i++) {
            source.offer(
                    Sockets.open(java.net.StandardProtocolFamily.UNIX, Sockets.Type.STREAM),
                    answer -> (answer ? accepted : refused).incrementAndGet());
            halfway.countDown();
        }
        taker.join();

        assertThat(accepted.get()).isEqualTo(taken.get());
        assertThat(accepted.get() + refused.get()).isEqualTo(offers);
    }

    private QueueSource source() throws IOException {
        return new QueueSource(FakeCluster.ANY_PORT, closes::incrementAndGet);
    }

    private static Fd connection() throws IOException {
        Fd[] ends = Sockets.pair(Sockets.Type.STREAM);
        ends[1].close();
        return ends[0];
    }
}
