package dev.prefork;

/** How connections to a shared port reach the workers. Node: {@code cluster.schedulingPolicy}. */
public enum SchedulingPolicy {
    /**
     * The operating system decides: the primary creates the listening socket and the workers accept
     * from it directly. Node: SCHED_NONE (1), {@code none}.
     */
    NONE("none"),

    /**
     * The primary accepts and hands connections to the workers in turn; a worker that has not taken
     * its last one gets no other. Node: SCHED_RR (2), {@code rr}. The default.
     */
    ROUND_ROBIN("rr"),

    /**
     * The operating system decides, and each slot has a listening socket of its own on the port
     * (SO_REUSEPORT), of the primary's making: workers accept as under {@link #NONE}, but each from
     * its own queue. What a worker that is gone or does not react has not accepted others get, if
     * they are Java's. So each slot has a socket for datagrams, whose senders keep their slot while
     * it is served. Unix sockets, and connections to Node's workers, are as under {@link #NONE}.
     * Not in Node: {@code reuseport}.
     */
    REUSE_PORT("reuseport");

    /** The environment variable that sets the policy of a program. */
    public static final String VARIABLE = "NODE_CLUSTER_SCHED_POLICY";

    private final String word;

    SchedulingPolicy(String word) {
        this.word = word;
    }

    /**
     * Reads the word that the environment variable has for a policy.
     *
     * @throws IllegalArgumentException for another word
     */
    public static SchedulingPolicy of(String word) {
        for (SchedulingPolicy policy : values()) {
            if (policy.word.equals(word)) {
                return policy;
            }
        }
        throw new IllegalArgumentException(
                VARIABLE + "=" + word + ": use rr (round robin), none or reuseport");
    }
}
