package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.net.Exchanges.Use;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** SPEC F5. What is read by the server begins with '&lt;', what it writes with '&gt;'. */
class ExchangesTest {
    private static final String GET = "<GET / HTTP/1.1~Host: a~~";
    private static final String HEAD = "<HEAD / HTTP/1.1~Host: a~~";
    private static final String HELLO = ">HTTP/1.1 200 OK~Content-Length: 5~~hello";

    private final Exchanges exchanges = new Exchanges();

    @ParameterizedTest
    @CsvSource({
        "'', UNKNOWN",
        GET + ", IN_USE",
        "<G, IN_USE",
        GET + HELLO + ", BETWEEN",
        GET + HELLO + "<~~, BETWEEN",
        GET + HELLO + GET + ", IN_USE",
        GET + HELLO + GET + HELLO + ", BETWEEN",
        "<POST / HTTP/1.1~Content-Length: 3~~<abc" + HELLO + ", BETWEEN",
        GET + ">HTTP/1.1 200 OK~content-LENGTH:0~~, BETWEEN",
        GET + ">HTTP/1.1 200 OK~content-length: 5~~hell, SENT_BY_FILE",
        GET + ">HTTP/1.1 200 OK~X-Content-Length: 0~~, IN_USE",
        GET + ">HTTP/1.1 200 OK~Content-Length-X: 0~~, IN_USE",
        GET + ">HTTP/1.1 200 OK~Content-Length: 5~, IN_USE",
        GET + ">HTTP/1.1 200 OK~~whatever, IN_USE",
        GET + ">HTTP/1.1 204 No Content~~, BETWEEN",
        GET + ">HTTP/1.1 304 Not Modified~Content-Length: 5~~, BETWEEN",
        GET + ">HTTP/1.0 200 OK~Content-Length: 5~~hello, BETWEEN",
        HEAD + ">HTTP/1.1 200 OK~Content-Length: 5~~, BETWEEN",
        HEAD + ">HTTP/1.1 200 OK~Content-Length: 5~~" + GET + HELLO + ", BETWEEN",
        GET + HELLO + HEAD + ">HTTP/1.1 200 OK~Content-Length: 5~~, BETWEEN",
        GET + ">HTTP/1.1 100 Continue~~, IN_USE",
        GET + ">HTTP/1.1 100 Continue~~HTTP/1.1 200 OK~Content-Length: 0~~, BETWEEN",
        GET + ">HTTP/1.1 101 Switching Protocols~~, IN_USE",
        GET + ">HTTP/1.1 101 Switching Protocols~~<x>HTTP/1.1 204 No~~, IN_USE",
        GET + HELLO + ">HTTP/1.1 204 No Content~~, BETWEEN",
        GET + ">HTTP/1.1 200 OK~Transfer-Encoding: chunked~~, IN_USE",
        GET + ">HTTP/1.1 200 OK~Transfer-Encoding: gzip; Chunked~~0~~, BETWEEN",
        GET + ">HTTP/1.1 200 OK~Transfer-Encoding: chunked~~5~hello~, IN_USE",
        GET + ">HTTP/1.1 200 OK~Transfer-Encoding: chunked~~5~hello~0~~, BETWEEN",
        GET + ">HTTP/1.1 200 OK~Transfer-Encoding: chunked~~5~hello~>0~~, BETWEEN",
        GET + ">HTTP/1.1 200 OK~Transfer-Encoding: chunked~~3~~0~0~~, BETWEEN",
        GET + ">HTTP/1.1 200 OK~Transfer-Encoding: chunked~~5~hello~" + GET + ">0~~, IN_USE",
        "PRI, UNKNOWN",
        "<PRI * HTTP/2.0~~SM~~, IN_USE",
        "<PRI * HTTP/2.0~~SM~~>binary, SERVER_SPOKE_LAST",
        "<\u0016binary, IN_USE",
        "<\u0016binary>binary, SERVER_SPOKE_LAST",
        "<\u0016binary>binary<binary, IN_USE",
        ">220 ready, UNKNOWN",
        "<EHLO a~>250 hello~, UNKNOWN",
        "<\u0001binary>\u0001, UNKNOWN"
    })
    void givenWhatPassed_thenItIsKnownWhetherSomebodyWaits(String passed, Use use) {
        pass(passed, Integer.MAX_VALUE);

        assertThat(exchanges.use()).isEqualTo(use);
    }

    /** The network cuts it as it likes; only a request's first word is looked for in one piece. */
    @ParameterizedTest
    @CsvSource({
        GET + HELLO + ", BETWEEN",
        GET + HELLO + GET + HELLO + ", BETWEEN",
        GET + ">HTTP/1.1 200 OK~Transfer-Encoding: chunked~~5~hello~0~~, BETWEEN",
        GET + ">HTTP/1.1 200 OK~Transfer-Encoding: chunked~~3~~0~0~~, BETWEEN",
        GET + ">HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2~~0~, IN_USE",
        GET + ">HTTP/1.1 101 Switching Protocols~~, IN_USE",
        ">220 ready, UNKNOWN"
    })
    void givenTheSameByteByByte_thenItIsKnownAllTheSame(String passed, Use use) {
        pass(passed, 1);

        assertThat(exchanges.use()).isEqualTo(use);
    }

    /** A file of 1,000 bytes, of which nothing passes us. */
    @Test
    void givenAFile_thenItsEndIsKnownByTheNumberOfBytes() {
        String head = ">HTTP/1.1 200 OK~Content-Length: 1000~~";
        pass(GET + head, Integer.MAX_VALUE);
        int once = bytes(head.substring(1)).length + 1000;

        assertThat(exchanges.use()).isEqualTo(Use.SENT_BY_FILE);
        assertThat(exchanges.sentAtItsEnd()).isEqualTo(once);

        pass(GET, Integer.MAX_VALUE);
        assertThat(exchanges.use()).isEqualTo(Use.IN_USE);
        pass(head, Integer.MAX_VALUE);
        assertThat(exchanges.use()).isEqualTo(Use.SENT_BY_FILE);
        assertThat(exchanges.sentAtItsEnd()).isEqualTo(2L * once);

        pass(GET + HELLO, Integer.MAX_VALUE);
        assertThat(exchanges.use()).isEqualTo(Use.BETWEEN);
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 200 OK~Host: a~~, 17",
        "HTTP/1.1 500 ~, 15",
        "HTTP/1.1 200 OK, 0",
        "HTTP/1.1 100 Continue~~, 0",
        "HTTP/1.1 101 Switching Protocols~~, 0",
        "HTTP/1.0 200 OK~~, 0",
        "HTTP/1, 0",
        "something else~, 0"
    })
    void givenAnAnswer_thenTheFirstPlaceForALineIsKnown(String answer, int place) {
        ByteBuffer behindSomething = ByteBuffer.wrap(bytes("xx" + answer)).position(2);

        assertThat(AnswerHead.afterStatusLine(behindSomething)).isEqualTo(place);
        assertThat(behindSomething.position()).isEqualTo(2);
    }

    private void pass(String text, int pieces) {
        int at = 0;
        while (at < text.length()) {
            int next = Math.min(indexOf(text, '<', at + 1), indexOf(text, '>', at + 1));
            byte[] bytes = bytes(text.substring(at + 1, next));
            for (int from = 0; from < bytes.length; ) {
                int count = Math.min(pieces, bytes.length - from);
                from += count;
                ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, from).position(from);
                switch (text.charAt(at)) {
                    case '<' -> exchanges.received(buffer, count);
                    case '>' -> exchanges.sent(buffer, count);
                    default -> {}
                }
            }
            at = next;
        }
    }

    private static int indexOf(String text, char c, int from) {
        int found = text.indexOf(c, from);
        return found < 0 ? text.length() : found;
    }

    private static byte[] bytes(String text) {
        return text.replace("~", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }
}
