package dev.prefork.posix;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The one door to native code: calls a C function with up to seven longs and returns its long.
 *
 * <p>Linking a handle is what a JVM spends most of its start-up on here (about 6 ms for each new
 * shape), so everything shares one shape. A C function ignores register arguments that it does not
 * declare, and one on the stack that it does not look at, so that seven longs serve every function
 * that we need: {@code syscall(2)} with its number and the six arguments that a call can have.
 */
final class Libc {
    static final AddressLayout POINTER = ValueLayout.ADDRESS;

    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET =
            CALL_STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    private static final SymbolLookup SYMBOLS = Linker.nativeLinker().defaultLookup();
    private static final MethodHandle CALL = link();

    /**
     * Where the call itself stores errno, so that nothing the JVM does afterwards can change it.
     */
    private static final ThreadLocal<MemorySegment> STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CALL_STATE));

    private Libc() {}

    @SuppressWarnings("restricted")
    private static MethodHandle link() {
        ValueLayout.OfLong l = ValueLayout.JAVA_LONG;
        try {
            return Linker.nativeLinker()
                    .downcallHandle(
                            FunctionDescriptor.of(l, l, l, l, l, l, l, l),
                            Linker.Option.captureCallState("errno"));
        } catch (IllegalCallerException denied) {
            Module us = Libc.class.getModule();
            throw new IllegalCallerException(
                    "no system call is allowed in this JVM; start it with --enable-native-access="
                            + (us.isNamed() ? us.getName() : "ALL-UNNAMED"),
                    denied);
        }
    }

    static MemorySegment function(String name) {
        return findFunction(name)
                .orElseThrow(
                        () ->
                                new UnsupportedOperationException(
                                        "the C library has no function " + name));
    }

    static Optional<MemorySegment> findFunction(String name) {
        return SYMBOLS.find(name);
    }

    /**
     * Calls a function that returns −1 and sets errno on failure; returns its result or the
     * negative errno.
     */
    static long call(
            MemorySegment function, long a, long b, long c, long d, long e, long f, long g) {
        MemorySegment state = STATE.get();
        long result = invoke(function, state, a, b, c, d, e, f, g);
        return result == -1 ? -state.get(ValueLayout.JAVA_INT, ERRNO_OFFSET) : result;
    }

    /** Calls a function that returns the error number itself, as posix_spawn does. */
    static int callReturningError(
            MemorySegment function, long a, long b, long c, long d, long e, long f) {
        return (int) invoke(function, STATE.get(), a, b, c, d, e, f, 0);
    }

    private static long invoke(
            MemorySegment function,
            MemorySegment state,
            long a,
            long b,
            long c,
            long d,
            long e,
            long f,
            long g) {
        try {
            return (long) CALL.invokeExact(function, state, a, b, c, d, e, f, g);
        } catch (RuntimeException | Error unchecked) {
            throw unchecked;
        } catch (Throwable impossible) {
            throw new LinkageError("a native call cannot throw " + impossible, impossible);
        }
    }
}
