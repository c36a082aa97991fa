package dev.prefork.launch;

import java.util.Optional;

/**
 * What the processes below a wrapper find in their environment (decision 0019): any of them may
 * become the worker, the one that listens first does.
 *
 * @param id the worker's
 * @param channel descriptor of the channel to the primary
 * @param ticket descriptor of a pipe with one byte in it and nobody that writes: who reads the byte
 *     may use the channel
 */
public record JoinOffer(int id, int channel, int ticket) {
    /**
     * Ours, not Node's, which would take the channel in the first of its processes, such as npm.
     */
    public static final String VARIABLE = "PREFORK_JOIN";

    /**
     * Node passes on what it did not open itself only above 16, and after a gap; shells use 10 and
     * a few more for themselves.
     */
    static final int CHANNEL = 48;

    static final int TICKET = 49;

    /** Such as {@code 1,48,49}. */
    @Override
    public String toString() {
        return id + "," + channel + "," + ticket;
    }

    /** The contrary of {@link #toString}; empty when it is something else. */
    public static Optional<JoinOffer> parse(String text) {
        if (!text.matches("\\d{1,9},\\d{1,9},\\d{1,9}")) {
            return Optional.empty();
        }
        String[] numbers = text.split(",", -1);
        return Optional.of(
                new JoinOffer(
                        Integer.parseInt(numbers[0]),
                        Integer.parseInt(numbers[1]),
                        Integer.parseInt(numbers[2])));
    }
}
