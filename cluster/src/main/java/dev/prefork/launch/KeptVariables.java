package dev.prefork.launch;

import dev.prefork.posix.CString;

import java.util.List;
import java.util.Map;

/**
 * The variables with options for every JVM, which the command keeps from its own: under other names
 * until its workers have them.
 */
final class KeptVariables {
    /** Of the name under which one is kept; the script {@code prefork} knows it too. */
    private static final String PREFIX = "PREFORK_KEPT_";

    static final List<String> NAMES =
            List.of(JvmOptions.TOOLS, JvmOptions.LAUNCHER, JvmOptions.LAST);

    private KeptVariables() {}

    /** Away with those that there are. */
    static void keep(Map<CString, CString> environment) {
        NAMES.forEach(name -> rename(environment, name, PREFIX + name));
    }

    /** Back with those that were kept. */
    static void giveBack(Map<CString, CString> environment) {
        NAMES.forEach(name -> rename(environment, PREFIX + name, name));
    }

    private static void rename(Map<CString, CString> environment, String from, String to) {
        CString value = environment.remove(CString.of(from));
        if (value != null) {
            environment.put(CString.of(to), value);
        }
    }
}
