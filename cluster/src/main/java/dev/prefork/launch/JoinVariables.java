package dev.prefork.launch;

import dev.prefork.posix.CString;
import dev.prefork.posix.Environment;

import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The environment below a wrapper: by what JVM and Node read of it when they start, they load what
 * makes a worker of the one that listens first (decision 0019).
 */
public final class JoinVariables {
    /** The argument of our agent in a JVM that nobody has started as a worker. */
    public static final String AGENT_ARGUMENT = "join";

    private static final String AGENT = "-javaagent:";
    private static final String REQUIRE = "--require=";

    /** A word as {@link #word} writes it, with the space that parts it from the user's. */
    private static final Pattern OUR_AGENT =
            Pattern.compile(
                    "^\"?" + AGENT + "[^\"]*/" + JoinFiles.AGENT + "=" + AGENT_ARGUMENT + "\"? ?");

    private static final Pattern OUR_SCRIPT =
            Pattern.compile(" ?" + REQUIRE + "(\"[^\"]*|[^ \"]*)/" + JoinFiles.SCRIPT + "\"?$");

    private JoinVariables() {}

    /**
     * All variables of a wrapper.
     *
     * @param worker those of a worker
     */
    static Map<CString, CString> of(
            Map<CString, CString> worker, JoinOffer offer, JoinFiles files) {
        Map<CString, CString> variables = new HashMap<>(worker);
        WorkerEnvironment.CHANNEL.forEach(name -> variables.remove(CString.of(name)));
        variables.put(CString.of(JoinOffer.VARIABLE), CString.of(offer.toString()));
        change(
                variables,
                JvmOptions.LAUNCHER,
                users ->
                        word(AGENT + files.agent() + "=" + AGENT_ARGUMENT)
                                + (users.isEmpty() ? "" : " " + users));
        change(
                variables,
                NodeInspector.VARIABLE,
                users ->
                        (users.isEmpty() ? "" : users + " ")
                                + REQUIRE
                                + word(files.script().toString()));
        return variables;
    }

    /** As the launcher of a JVM and Node read it. */
    private static String word(String text) {
        return text.chars().noneMatch(Character::isWhitespace) ? text : '"' + text + '"';
    }

    private static void change(
            Map<CString, CString> variables, String name, UnaryOperator<String> change) {
        CString users = variables.get(CString.of(name));
        String text = users == null ? "" : NativeText.OURS.decode(users.bytes());
        variables.put(CString.of(name), NativeText.OURS.toSystem(change.apply(text)));
    }

    /** The value of JDK_JAVA_OPTIONS as the user has made it. */
    public static String withoutAgent(String value) {
        return OUR_AGENT.matcher(value).replaceFirst("");
    }

    /** This process's variables become what the user has made of them. */
    public static void removeFromThisProcess() {
        Environment.cut(JvmOptions.LAUNCHER, OUR_AGENT);
        Environment.cut(NodeInspector.VARIABLE, OUR_SCRIPT);
    }
}
