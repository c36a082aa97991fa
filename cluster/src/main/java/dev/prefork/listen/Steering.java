package dev.prefork.listen;

import dev.prefork.log.LazyLogger;
import dev.prefork.posix.PosixException;

import java.util.List;

/** Which of the sockets on one port get something, as the kernel was last told. */
final class Steering {
    private static final LazyLogger LOG = new LazyLogger(Steering.class);

    /** Tells the kernel. */
    interface Attach {
        /**
         * From now on these get some.
         *
         * @param all how many sockets there are
         * @param numbers of those that are to get some, one at least
         */
        void to(int all, int... numbers) throws PosixException;
    }

    private final String key;
    private final Attach attach;
    private int all;
    private List<Integer> steered = List.of();
    private boolean fails;

    /** Of nobody yet: the kernel decides. */
    Steering(String key, Attach attach) {
        this.key = key;
        this.attach = attach;
    }

    /** As {@link Attach#to}. Where that cannot be, all stays as it is; said once. */
    void to(int sockets, List<Integer> numbers) {
        if (numbers.isEmpty() || (numbers.equals(steered) && sockets == all)) {
            return;
        }
        try {
            attach.to(sockets, numbers.stream().mapToInt(Integer::intValue).toArray());
            steered = numbers;
            all = sockets;
        } catch (PosixException e) {
            if (!fails) {
                fails = true;
                LOG.get()
                        .log(
                                System.Logger.Level.WARNING,
                                "cannot steer to the workers that are there key=" + key,
                                e);
            }
        }
    }
}
