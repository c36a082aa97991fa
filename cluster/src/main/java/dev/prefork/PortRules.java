package dev.prefork;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which listens of a worker are shared with the others, and which are its own.
 *
 * <p>Written as {@code 9010=offset,loopback:8000-8099=private,0=private}: an address, then what is
 * done with it; the first rule that fits wins, and what no rule names is shared.
 *
 * <table>
 * <caption>Addresses</caption>
 * <tr><td>{@code 9010}</td><td>this port, on any host; 0 is "any free port"</td></tr>
 * <tr><td>{@code 9000-9099}</td><td>these ports</td></tr>
 * <tr><td>{@code *}</td><td>every port</td></tr>
 * <tr><td>{@code 127.0.0.1:9010}</td><td>on this host only; also {@code [::1]:9010}</td></tr>
 * <tr><td>{@code loopback:*}</td><td>on a loopback address</td></tr>
 * <tr><td>{@code rmi}</td><td>what the JDK itself opens for RMI and JMX</td></tr>
 * <tr><td>{@code agent}</td><td>what a Java agent opens</td></tr>
 * </table>
 *
 * Unix sockets are always shared.
 */
public final class PortRules {
    /** What becomes of a listen. */
    public enum Treatment {
        /** One port for all workers. */
        SHARED,
        /** A socket of the worker's own on just this port; where two want the same, one fails. */
        PRIVATE,
        /** A socket of the worker's own on this port plus the worker's slot number, from 0. */
        OFFSET;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whose listen it is. */
    public enum Opener {
        PROGRAM,
        /** The JDK itself, for RMI and JMX. */
        RMI,
        /** A Java agent, such as one for metrics. */
        AGENT
    }

    /** What a worker asks for. */
    public record Listen(InetSocketAddress address, Opener opener) {}

    private sealed interface Where {
        boolean fits(Listen listen);
    }

    private record OpenedBy(Opener opener) implements Where {
        @Override
        public boolean fits(Listen listen) {
            return listen.opener() == opener;
        }
    }

    /** A port of a host, which is a literal, {@code loopback} or {@code *}. */
    private record Ports(String host, int from, int to) implements Where {
        @Override
        public boolean fits(Listen listen) {
            int port = listen.address().getPort();
            return from <= port && port <= to && isHost(listen.address().getAddress());
        }

        private boolean isHost(InetAddress address) {
            return switch (host) {
                case "*" -> true;
                case "loopback" -> address.isLoopbackAddress();
                default -> InetAddress.ofLiteral(host).equals(address);
            };
        }
    }

    private record Rule(Where where, Treatment treatment) {}

    private static final int HIGHEST = 65535;
    private static final Pattern PORTS =
            Pattern.compile(
                    "(?:(?<host>[^\\[\\]:]+|\\[[^\\]]+\\]):)?(?<ports>\\*|(?<from>\\d+)(?:-(?<to>\\d+))?)");

    /**
     * Connections of RMI and JMX belong to the worker whose stub the client has; an agent tells of
     * the one JVM that it is in. 8005 is where Tomcat, started from its own scripts, waits for the
     * word that stops it.
     */
    public static final PortRules DEFAULT = parse("rmi=offset,agent=offset,loopback:8005=offset");

    private final String text;
    private final List<Rule> rules;

    private PortRules(String text, List<Rule> rules) {
        this.text = text;
        this.rules = rules;
    }

    /**
     * Reads rules.
     *
     * @throws IllegalArgumentException that names the part that is none
     */
    public static PortRules parse(String text) {
        List<Rule> rules = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (!part.isBlank()) {
                rules.add(rule(part.strip()));
            }
        }
        return new PortRules(text, List.copyOf(rules));
    }

    private static Rule rule(String part) {
        int equals = part.lastIndexOf('=');
        if (equals < 0) {
            throw bad(part, "say what is done with it, such as " + part + "=private");
        }
        return new Rule(where(part, part.substring(0, equals)), treatment(part, equals));
    }

    private static Treatment treatment(String part, int equals) {
        String word = part.substring(equals + 1);
        return Arrays.stream(Treatment.values())
                .filter(treatment -> treatment.word().equals(word))
                .findFirst()
                .orElseThrow(() -> bad(part, word + " is none of shared, private and offset"));
    }

    private static Where where(String part, String address) {
        if (address.equals("rmi")) {
            return new OpenedBy(Opener.RMI);
        } else if (address.equals("agent")) {
            return new OpenedBy(Opener.AGENT);
        }
        Matcher matcher = PORTS.matcher(address);
        if (!matcher.matches()) {
            throw bad(part, address + " is no address such as 9010, 9000-9099 or loopback:*");
        }
        String host = host(part, matcher.group("host"));
        if (matcher.group("ports").equals("*")) {
            return new Ports(host, 0, HIGHEST);
        }
        int from = port(part, matcher.group("from"));
        int to = matcher.group("to") == null ? from : port(part, matcher.group("to"));
        if (from > to) {
            throw bad(
                    part, "no port is from " + from + " to " + to + "; write the lower one first");
        }
        return new Ports(host, from, to);
    }

    private static String host(String part, String host) {
        if (host == null || host.equals("*") || host.equals("loopback")) {
            return host == null ? "*" : host;
        }
        String literal = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        try {
            return InetAddress.ofLiteral(literal).getHostAddress();
        } catch (IllegalArgumentException e) {
            throw bad(part, host + " is no IP address; loopback and * are the only names");
        }
    }

    private static int port(String part, String digits) {
        if (digits.length() > 5 || Integer.parseInt(digits) > HIGHEST) {
            throw bad(part, digits + " is no port");
        }
        return Integer.parseInt(digits);
    }

    private static IllegalArgumentException bad(String part, String why) {
        return new IllegalArgumentException("ports=" + part + ": " + why);
    }

    /** These rules, then those of the other. */
    public PortRules then(PortRules other) {
        String both = text + "," + other.text;
        return parse(both);
    }

    /** What becomes of a listen: of the first rule that fits, else shared. */
    public Treatment treatmentOf(Listen listen) {
        return rules.stream()
                .filter(rule -> rule.where().fits(listen))
                .map(Rule::treatment)
                .findFirst()
                .orElse(Treatment.SHARED);
    }

    /** Whether all workers share this address, as far as the address alone says. */
    public boolean shares(InetSocketAddress address) {
        return treatmentOf(new Listen(address, Opener.PROGRAM)) == Treatment.SHARED;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PortRules theirs && text.equals(theirs.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** As it was written; {@link #parse} reads it. */
    @Override
    public String toString() {
        return text;
    }
}
