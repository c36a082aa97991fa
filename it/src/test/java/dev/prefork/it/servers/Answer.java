package dev.prefork.it.servers;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What every server answers.
 *
 * @param pid of the process that answered
 * @param remote the client, as that process saw it
 */
record Answer(int pid, String remote) {
    private static final Pattern TEXT = Pattern.compile("pid=(\\d+) remote=(\\S*)(\\s.*)?");

    /** A request, and its answer; an answer to somebody else is an error. */
    static Answer to(Connection connection) throws IOException {
        String text = connection.get();
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IOException("wrong answer: " + text);
        }
        Answer answer = new Answer(Integer.parseInt(matcher.group(1)), matcher.group(2));
        if (!answer.remote.equals(connection.local())) {
            throw new IOException(
                    "the client is %s, and the server said %s".formatted(connection.local(), text));
        }
        return answer;
    }
}
