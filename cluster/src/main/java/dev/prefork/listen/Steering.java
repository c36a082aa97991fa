package dev.prefork.listen;

import dev.prefork.log.LazyLogger;
import dev.prefork.posix.PortSteering;
import dev.prefork.posix.PosixException;

import java.util.Arrays;

/** Which of the sockets on one port get something, as the kernel was last told. */
final class Steering {
    private static final LazyLogger LOG = new LazyLogger(Steering.class);

    /** Tells the kernel. */
    interface Attach {
        void to(int... numbers) throws PosixException;
    }

    private final String key;
    private final Attach attach;
    private int[] steered = {};
    private boolean fails;

    /** Of nobody yet: the kernel decides. */
    Steering(String key, Attach attach) {
        this.key = key;
        this.attach = attach;
    }

    /**
     * To these from now on, if there are any.
     *
     * @param numbers as {@link PortSteering} takes them
     * @return false where that cannot be: all stays as it is; said once
     */
    boolean to(int... numbers) {
        if (numbers.length == 0 || Arrays.equals(numbers, steered)) {
            return true;
        }
        try {
            attach.to(numbers);
            steered = numbers;
            return true;
        } catch (PosixException e) {
            if (!fails) {
                fails = true;
                LOG.get()
                        .log(
                                System.Logger.Level.WARNING,
                                "cannot steer to the workers that are there key=" + key,
                                e);
            }
            return false;
        }
    }
}
