package dev.prefork.json;

/** How long a text may be, and how deep its value. */
public final class Limits {
    /** What every process takes, and so the longest that one of ours sends. */
    public static final int SURELY_TAKEN_BYTES = 64 << 20;

    /** The longest text of Node v20, and so the longest line that a Node process can send. */
    private static final int LONGEST_OF_NODE = 512 << 20;

    /** Of the heap: as objects a message is up to six times as much. */
    private static final int PART_OF_HEAP = 8;

    /** A peer that sends so much without a line break is not speaking the protocol. */
    public static final int MAX_LINE_BYTES = longest(Runtime.getRuntime().maxMemory());

    /** More than JSON.stringify of Node makes with its stack, which is less than 10,000 in v12. */
    static final int MAX_DEPTH = 10_000;

    private Limits() {}

    /** As much as Node takes, where there is room for it. */
    public static int longest(long heapBytes) {
        return Math.clamp(heapBytes / PART_OF_HEAP, SURELY_TAKEN_BYTES, LONGEST_OF_NODE);
    }
}
