package dev.prefork.ipc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/** SPEC C4. */
class ReceiveWindowTest {
    private static final int LIMIT = ReceiveWindow.LIMIT_BYTES;
    private static final int RACES = 100_000;

    private final AtomicInteger reopened = new AtomicInteger();
    private final ReceiveWindow window = new ReceiveWindow(reopened::incrementAndGet);

    @Test
    void givenAsMuchAsFits_whenOneByteMoreIsTaken_thenTheWindowIsShut() {
        Receipt all = window.take(LIMIT);
        assertThat(window.isOpen()).isTrue();

        window.take(1);

        assertThat(window.isOpen()).isFalse();
        assertThat(all.bytes()).isEqualTo(LIMIT);
    }

    @Test
    void givenAShutWindow_whenReceiptsAreDone_thenItOpensAtHalfAndSaysSoOnce() {
        List<Receipt> receipts = new ArrayList<>();
        while (window.isOpen()) {
            receipts.add(window.take(LIMIT / 8));
        }
        assertThat(receipts).hasSize(9);

        receipts.subList(0, 4).forEach(Receipt::done);
        assertThat(window.isOpen()).isFalse();
        assertThat(reopened).hasValue(0);
        receipts.forEach(Receipt::done);

        assertThat(window.isOpen()).isTrue();
        assertThat(reopened).hasValue(1);
    }

    @Test
    void givenAMessageLargerThanTheWindow_whenItIsDone_thenTheWindowOpens() {
        Receipt large = window.take(LIMIT * 10);
        assertThat(window.isOpen()).isFalse();

        large.done();

        assertThat(window.isOpen()).isTrue();
        assertThat(reopened).hasValue(1);
    }

    @Test
    void givenAReceipt_whenItIsDoneTwice_thenThatCountsOnce() {
        Receipt first = window.take(LIMIT);
        window.take(LIMIT / 2 + 1);

        first.done();
        first.done();
        assertThat(window.isOpen()).isFalse();

        window.take(LIMIT);
        assertThat(window.isOpen()).isFalse();
    }

    @Test
    void givenReceiptsDoneByManyThreads_whenAllAreDone_thenAllRoomIsBack() throws Exception {
        List<Receipt> receipts = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            receipts.add(window.take(1000));
        }
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            threads.add(Thread.ofPlatform().start(() -> receipts.forEach(Receipt::done)));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(reopened).hasValue(1);
        window.take(LIMIT);
        assertThat(window.isOpen()).isTrue();
    }

    @Test
    void givenAllThatIsDoneJustWhenTheWindowShuts_whenItIs_thenItOpensAgain() throws Exception {
        AtomicReference<Receipt> full = new AtomicReference<>();
        Thread listener =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    for (int i = 0; i < RACES; i++) {
                                        await(() -> full.get() != null);
                                        full.get().done();
                                        full.set(null);
                                    }
                                });
        for (int i = 0; i < RACES; i++) {
            full.set(window.take(LIMIT));
            Receipt last = window.take(1);
            await(() -> full.get() == null);
            assertThat(window.isOpen()).as("in race %s", i).isTrue();
            last.done();
        }
        listener.join();
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void givenAClosedChannel_whenAReceiptIsDone_thenNobodyIsTold() {
        Receipt large = window.take(LIMIT * 2);
        window.close();

        large.done();

        assertThat(reopened).hasValue(0);
    }
}
