package dev.prefork.worker;

import dev.prefork.PortRules.Opener;
import dev.prefork.net.AgentJars;

import java.lang.StackWalker.StackFrame;
import java.util.Iterator;
import java.util.Set;
import java.util.stream.Stream;

/** Whose listen it is that the calling thread asks for; told by its stack. */
record Openers(Opener opener, boolean ofManagementAgent) {
    private static final String MANAGEMENT_AGENT = "jdk.management.agent";
    private static final Set<String> RMI =
            Set.of("java.rmi", "java.management.rmi", MANAGEMENT_AGENT);

    /** Calls an agent's premain and agentmain. */
    private static final String INSTRUMENT = "java.instrument";

    private static final StackWalker WALKER =
            StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    static Openers ofThisThread() {
        return WALKER.walk(Openers::of);
    }

    private static Openers of(Stream<StackFrame> frames) {
        boolean rmi = false;
        boolean agent = false;
        Class<?> outermost = null;
        for (Iterator<StackFrame> all = frames.iterator(); all.hasNext(); ) {
            Class<?> type = all.next().getDeclaringClass();
            String module = type.getModule().getName();
            if (MANAGEMENT_AGENT.equals(module)) {
                return new Openers(Opener.RMI, true);
            }
            rmi |= module != null && RMI.contains(module);
            agent |= INSTRUMENT.equals(module);
            if (type.getProtectionDomain().getCodeSource() != null) {
                outermost = type;
            }
        }
        if (rmi) {
            return new Openers(Opener.RMI, false);
        }
        // A thread whose first class is an agent's is the agent's, whatever it calls; one that only
        // calls a class of an agent's jar, such as code that was woven in, is the program's.
        agent |= outermost != null && AgentJars.contain(outermost);
        return new Openers(agent ? Opener.AGENT : Opener.PROGRAM, false);
    }
}
