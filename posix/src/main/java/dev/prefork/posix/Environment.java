package dev.prefork.posix;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The C environment of this process, which child processes inherit; {@link System#getenv} is a
 * copy, made at its first use, whose bytes are decoded by the locale's rules.
 *
 * <p>Not safe beside other threads that change the environment.
 */
public final class Environment {
    /** The kernel's limit for one variable. */
    private static final long MAX_BYTES = 128 * 1024;

    private static final MemorySegment GETENV = Libc.function("getenv");
    private static final MemorySegment SETENV = Libc.function("setenv");
    private static final MemorySegment UNSETENV = Libc.function("unsetenv");

    /** The variable {@code char **environ} of the C library. */
    private static final MemorySegment ENVIRON = Libc.function("environ");

    private Environment() {}

    /**
     * Reads a variable. Unlike System.getenv this initialises no class of the JDK that reads system
     * properties.
     */
    public static Optional<String> get(String name) {
        try (Arena arena = Arena.ofConfined()) {
            return get(arena.allocateFrom(name));
        }
    }

    private static Optional<String> get(MemorySegment name) {
        long value = Libc.call(GETENV, name.address(), 0, 0, 0, 0, 0, 0);
        return value == 0 ? Optional.empty() : Optional.of(string(value).toString());
    }

    /**
     * Reads a variable and removes it, so that neither this program's later look at it nor a child
     * process sees it. For the first instants of a process.
     */
    public static Optional<String> take(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment cName = arena.allocateFrom(name);
            Optional<String> value = get(cName);
            Libc.call(UNSETENV, cName.address(), 0, 0, 0, 0, 0, 0);
            return value;
        }
    }

    /**
     * Writes a variable, for this program and its children. For the first instants of a process.
     */
    public static void put(CString name, CString value) {
        try (Arena arena = Arena.ofConfined()) {
            long cName = name.in(arena).address();
            long cValue = value.in(arena).address();
            Libc.call(SETENV, cName, cValue, 1, 0, 0, 0, 0);
        }
    }

    /**
     * Takes the part that matches out of a variable, and all of it when nothing else is in it. For
     * the first instants of a process.
     *
     * @param part in ASCII; what it does not name may be any bytes
     */
    public static void cut(String name, Pattern part) {
        CString value = ofThisProcess().get(CString.of(name));
        Matcher found = part.matcher(value == null ? "" : new String(value.bytes(), ISO_8859_1));
        if (value == null || !found.find()) {
            return;
        }
        String left = found.replaceFirst("");
        if (left.isEmpty()) {
            var _ = take(name);
        } else {
            put(CString.of(name), CString.of(left.getBytes(ISO_8859_1)));
        }
    }

    /** All variables as they are now, byte for byte, without those that were taken. */
    public static Map<CString, CString> ofThisProcess() {
        Map<CString, CString> variables = new LinkedHashMap<>();
        long entry = at(ENVIRON.address());
        for (long text = pointer(entry); text != 0; text = pointer(entry)) {
            CString variable = string(text);
            int equals = variable.indexOf('=');
            if (equals > 0) {
                // Of two with one name, getenv finds the first.
                variables.putIfAbsent(
                        variable.slice(0, equals), variable.slice(equals + 1, variable.length()));
            }
            entry += ValueLayout.ADDRESS.byteSize();
        }
        return variables;
    }

    /** What is at this address; 0 where there is no address. */
    private static long pointer(long address) {
        return address == 0 ? 0 : at(address);
    }

    @SuppressWarnings("restricted") // a pointer of the C library
    private static long at(long address) {
        return MemorySegment.ofAddress(address)
                .reinterpret(ValueLayout.ADDRESS.byteSize())
                .get(ValueLayout.JAVA_LONG, 0);
    }

    @SuppressWarnings("restricted") // a C string has no length: bounded by the kernel's limit
    private static CString string(long address) {
        return CString.at(MemorySegment.ofAddress(address).reinterpret(MAX_BYTES));
    }
}
