package dev.prefork.it.fire;

/** A version of a program: what it says it is in each answer, and what is wrong with it. */
record Version(String name, Fault fault) {
    static final Version FIRST = new Version("first", Fault.NONE);
    static final Version SECOND = new Version("second", Fault.NONE);

    /** What a deploy may bring. */
    enum Fault {
        NONE,
        /** It ends before it listens. */
        EXITS,
        /** It runs, and never listens. */
        SILENT,
        /** It listens, serves, and ends 1.5 s later. */
        DIES,
        /** It listens after 3 s. */
        SLOW
    }

    static Version with(Fault fault) {
        return new Version(fault.name(), fault);
    }

    static Version parse(String text) {
        int space = text.indexOf(' ');
        return new Version(text.substring(0, space), Fault.valueOf(text.substring(space + 1)));
    }

    /** What {@link #parse} reads. */
    @Override
    public String toString() {
        return name + " " + fault;
    }
}
