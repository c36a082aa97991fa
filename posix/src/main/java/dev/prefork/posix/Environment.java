package dev.prefork.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The C environment of this process, which child processes inherit; {@link System#getenv} is a
 * copy, made at its first use.
 *
 * <p>Not safe beside other threads that read the environment: for the first instants of a process.
 */
public final class Environment {
    private Environment() {}

    /**
     * Reads a variable and removes it, so that neither this program's later look at it nor a child
     * process sees it.
     */
    @SuppressWarnings(
            "restricted") // a C string has no length: bounded by the kernel's limit for one
    // variable
    public static Optional<String> take(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment cName = arena.allocateFrom(name);
            long value = Libc.call(Libc.function("getenv"), cName.address(), 0, 0, 0, 0, 0);
            if (value == 0) {
                return Optional.empty();
            }
            String text = MemorySegment.ofAddress(value).reinterpret(128 * 1024).getString(0);
            Libc.call(Libc.function("unsetenv"), cName.address(), 0, 0, 0, 0, 0);
            return Optional.of(text);
        }
    }
}
