package dev.prefork.launch;

/** Where a worker comes to. */
public enum Place {
    /** No slot: nobody will succeed it. */
    NONE,
    /** A slot in which it is alone. */
    EMPTY_SLOT,
    /** A slot in which an older worker still runs, which has the ports of the slot. */
    OCCUPIED_SLOT
}
