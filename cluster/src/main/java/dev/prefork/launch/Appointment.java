package dev.prefork.launch;

import dev.prefork.posix.CString;
import dev.prefork.posix.Environment;
import dev.prefork.posix.Note;
import dev.prefork.posix.PosixException;

import java.util.Optional;

/**
 * What makes a worker of a spare, a JVM that was started before anybody knew for what place: one
 * line over its channel, before all else.
 *
 * @param id the worker's
 * @param slot the number of its slot
 */
public record Appointment(int id, String slot) {
    /** In the environment of a spare. */
    static final String VARIABLE = "PREFORK_SPARE";

    /** Of a line: two decimal numbers and a space. */
    private static final int MOST_BYTES = 32;

    /**
     * Tells the spare.
     *
     * @throws PosixException EPIPE when it is not there any more
     */
    void tell(int channel) throws PosixException {
        Note.write(channel, id + " " + slot);
    }

    /** Whether this process is a spare; it is none afterwards. */
    public static boolean isAwaited() {
        return Environment.take(VARIABLE).isPresent();
    }

    /**
     * Waits for the appointment of this process, and puts it where a worker finds it that was
     * started for it.
     *
     * @param channel the descriptor of the channel
     * @return false when there will be none, as nobody is there who could make it
     */
    public static boolean await(int channel) throws PosixException {
        Optional<String[]> words = Note.read(channel, MOST_BYTES).map(note -> note.split(" ", 2));
        words.ifPresent(
                word -> {
                    put(WorkerEnvironment.UNIQUE_ID, word[0]);
                    put(Slot.VARIABLE, word[1]);
                });
        return words.isPresent();
    }

    private static void put(String name, String value) {
        Environment.put(CString.of(name), CString.of(value));
    }
}
