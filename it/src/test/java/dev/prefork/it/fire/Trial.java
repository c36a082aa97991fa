package dev.prefork.it.fire;

import java.util.List;
import java.util.Set;

/** One kind of fault under load: a row of the table. */
interface Trial {
    /** For {@code -Dprefork.fire}. */
    String name();

    /** What is done. */
    String title();

    /** What our own figure must be. */
    String must();

    default List<Integer> workers() {
        return List.of(2, 4);
    }

    /** What a peer must be able to do, so that the trial means something. */
    default Set<Peer.Can> needs() {
        return Set.of();
    }

    Figure run(Stage stage) throws Exception;
}
