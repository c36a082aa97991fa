package dev.prefork.it.fire;

/** What a storm does, and how often beside the others. */
enum StormAct {
    HUP(2),
    TTIN(2),
    TTOU(2),
    /** SIGKILL to a worker. */
    KILL(4),
    /** SIGTERM to a worker. */
    TERM(2),
    /** SIGSTOP to a worker, SIGCONT within three seconds. */
    STOP(3),
    /** A worker may open next to nothing more for a second. */
    FEW_OF_WORKER(2),
    /** So may prefork. */
    FEW_OF_PREFORK(1),
    /** Nobody reads what the workers print for two seconds. */
    READ_NOTHING(1);

    private final int weight;

    StormAct(int weight) {
        this.weight = weight;
    }

    /** The act that a number from 0 to {@link #weights} means. */
    static StormAct at(int number) {
        int left = number;
        for (StormAct act : values()) {
            left -= act.weight;
            if (left < 0) {
                return act;
            }
        }
        throw new IllegalArgumentException("number=" + number);
    }

    static int weights() {
        int sum = 0;
        for (StormAct act : values()) {
            sum += act.weight;
        }
        return sum;
    }
}
