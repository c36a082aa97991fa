package dev.prefork.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.prefork.AddressType;
import dev.prefork.ListeningAddress;
import dev.prefork.ipc.Frame;
import dev.prefork.ipc.ProtocolException;
import dev.prefork.wire.QueryServer.Wishes;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Acts and answers as fields and back, and fields that are not what they should be (SPEC C1). */
class FieldTypesTest {
    private static final Map<String, Object> SOCKNAME =
            Map.of("address", "127.0.0.1", "family", "IPv4", "port", 8000);

    @ParameterizedTest
    @CsvSource({
        "queryServer, address, 1",
        "queryServer, addressType, text",
        "queryServer, addressType, 5",
        "listening, address, 1",
        "listening, addressType, text",
        "newconn, key, 1",
        "close, key, 1",
    })
    void givenAFieldOfAnotherType_whenRead_thenTheExceptionNamesIt(
            String act, String field, String value) {
        Map<String, Object> fields = new HashMap<>(Map.of("cmd", "NODE_CLUSTER", "addressType", 4));

        fields.put(field, json(value));

        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> Act.of(act, new Frame(fields)))
                .withMessageContaining(field + "=" + json(value));
    }

    static Stream<Arguments> numbersOfJavaScript() {
        return Stream.of(
                Arguments.of(511, 511),
                Arguments.of(false, 0),
                Arguments.of(true, 1),
                Arguments.of("80", 80),
                Arguments.of(" 80 ", 80),
                Arguments.of("", 0),
                Arguments.of("text", 0),
                Arguments.of(1.9, 1),
                Arguments.of(-1.9, -1),
                Arguments.of(3_000_000_000L, -1_294_967_296),
                Arguments.of(1e300, 0),
                Arguments.of(List.of(), 0));
    }

    /** As the sockets of Node have it: ToInt32. */
    @ParameterizedTest
    @MethodSource("numbersOfJavaScript")
    void givenANumberAsJavaScriptHasThem_whenRead_thenItIsWhatASocketTakes(Object value, int read)
            throws Exception {
        Map<String, Object> fields = new HashMap<>(Map.of("cmd", "NODE_CLUSTER", "addressType", 4));
        fields.put("port", value);
        fields.put("backlog", value);
        fields.put("index", value);

        QueryServer query = QueryServer.of(new Frame(fields));

        assertThat(query.address().port()).contains(read);
        assertThat(query.wishes().backlog()).isEqualTo(read);
        assertThat(query.index()).isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource({"errno, text", "errno, 3000000000", "key, 1", "sockname, text", "sockname, 1"})
    void givenAnAnswersFieldOfAnotherType_whenRead_thenTheExceptionNamesIt(
            String field, String value) {
        Map<String, Object> fields = new HashMap<>(Map.of("cmd", "NODE_CLUSTER", "key", "k"));

        fields.put(field, json(value));

        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> grant(fields))
                .withMessageContaining(field + "=" + json(value));
    }

    @ParameterizedTest
    @CsvSource({
        "address, 1",
        "address, no-literal",
        "port, text",
        "port, 65536",
        "port, -1",
    })
    void givenASocknameThatIsNone_whenRead_thenTheExceptionNamesIt(String field, String value) {
        Map<String, Object> sockname = new HashMap<>(SOCKNAME);

        sockname.put(field, json(value));

        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> grant(Map.of("cmd", "C", "key", "k", "sockname", sockname)))
                .withMessageContaining("sockname=")
                .withMessageContaining(field + "=" + json(value));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {"null, 0", "0, 0", "-98, 98", "98, 98", "-13, 13"})
    void givenAnErrno_whenRead_thenItIsPositive(Integer written, int read) throws Exception {
        Map<String, Object> fields = new HashMap<>(Map.of("cmd", "NODE_CLUSTER", "key", "k"));
        fields.put("errno", written);

        Grant grant = grant(fields);

        assertThat(grant.errno()).isEqualTo(read);
    }

    @Test
    void givenAGrantWithoutKey_whenRead_thenOnlyARefusalMayLackIt() throws Exception {
        QueryServer query =
                new QueryServer(
                        ListenAddress.of(Optional.of("::1"), 80, AddressType.TCP6),
                        2,
                        Wishes.NONE,
                        null,
                        false);

        Grant refusal = query.answer(new Frame(Map.of("cmd", "NODE_CLUSTER", "errno", -98)));

        assertThat(refusal.key()).isEqualTo("::1:80:6:-1:2");
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> query.answer(new Frame(Map.of("cmd", "NODE_CLUSTER"))))
                .withMessageContaining("key");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {
                "null, false",
                "false, false",
                "true, true",
                "0, false",
                "1, true",
                "'', false",
                "text, true"
            })
    void givenATruthValue_whenRead_thenItIsWhatJavaScriptMakesOfIt(String value, boolean truth)
            throws Exception {
        Map<String, Object> fields = new HashMap<>(Map.of("cmd", "NODE_CLUSTER", "addressType", 4));
        fields.put("readableAll", value == null ? null : json(value));
        fields.put("accepted", value == null ? null : json(value));

        QueryServer query = QueryServer.of(new Frame(fields));
        Accepted accepted = Accepted.of(new Frame(fields));

        assertThat(query.wishes().readableAll()).isEqualTo(truth);
        assertThat(accepted.accepted()).isEqualTo(truth);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {"null", "-1", "0", "65536"})
    void givenAPortThatIsNone_whenRead_thenItIsSaidAsItIs(Integer port) throws Exception {
        Map<String, Object> fields = new HashMap<>(Map.of("cmd", "NODE_CLUSTER", "addressType", 4));
        fields.put("port", port);

        ListenAddress address = QueryServer.of(new Frame(fields)).address();

        assertThat(address.port()).isEqualTo(Optional.ofNullable(port));
        if (port != null && port > 0) {
            assertThat(address.inet()).isEmpty();
        } else {
            // Any port, as for Node's bind.
            assertThat(address.inet().orElseThrow().getPort()).isZero();
        }
    }

    @Test
    void givenNeitherAddressNorDescriptor_whenRead_thenItIsNoQuestion() {
        Map<String, Object> negative = new HashMap<>(Map.of("cmd", "NODE_CLUSTER", "fd", -1));
        Map<String, Object> absent = Map.of("cmd", "NODE_CLUSTER");

        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> QueryServer.of(new Frame(negative)));
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> QueryServer.of(new Frame(absent)));
    }

    @Test
    void givenAnUnknownActOrField_whenRead_thenItGoesBy() throws Exception {
        Frame frame = new Frame(Map.of("cmd", "NODE_CLUSTER", "key", "k", "new", List.of(1)));

        Optional<Act> unknown = Act.of("newer", frame);
        Optional<Act> known = Act.of("close", frame);

        assertThat(unknown).isEmpty();
        assertThat(known).contains(new Close("k"));
    }

    @ParameterizedTest
    @MethodSource("acts")
    void givenAnAct_whenWrittenAndRead_thenItIsTheSame(Act act) throws Exception {
        Optional<Act> read = Act.of(act.word(), new Frame(withCommand(act.fields())));

        assertThat(read).contains(act);
    }

    @ParameterizedTest
    @MethodSource("grants")
    void givenAGrant_whenWrittenAndRead_thenItIsTheSame(Grant grant) throws Exception {
        Grant read = grant(withCommand(grant.fields()));

        assertThat(read).isEqualTo(grant);
    }

    @Test
    void givenOtherAnswers_whenWrittenAndRead_thenTheyAreTheSame() throws Exception {
        Accepted yes = Accepted.of(new Frame(withCommand(new Accepted(true).fields())));
        Accepted no = Accepted.of(new Frame(withCommand(new Accepted(false).fields())));

        assertThat(yes).isEqualTo(new Accepted(true));
        assertThat(no).isEqualTo(new Accepted(false));
        assertThat(new Acknowledged().fields()).isEmpty();
    }

    static Stream<Act> acts() {
        List<Act> acts = new ArrayList<>(List.of(Act.Simple.values()));
        acts.add(new Close("k"));
        acts.add(new Close("k", true));
        acts.add(new NewConnection("k"));
        acts.add(new ExitedAfterDisconnect());
        Wishes all = new Wishes(true, true, 7, true, true);
        for (AddressType type : AddressType.values()) {
            ListenAddress address =
                    type == AddressType.DESCRIPTOR
                            ? ListenAddress.ofDescriptor(3, type)
                            : ListenAddress.of(Optional.of("a"), -1, type);
            acts.add(new QueryServer(address, 2, all, Map.of("a", 1), true));
            acts.add(new QueryServer(address, 0, Wishes.NONE, null, false));
            acts.add(new QueryServer(address, 0, Wishes.NONE, null, true, true));
            acts.add(listening(Optional.of("a"), 8000, type, Optional.of(3)));
            acts.add(listening(Optional.empty(), -1, type, Optional.empty()));
        }
        return acts.stream();
    }

    static Stream<Grant> grants() {
        InetSocketAddress four = new InetSocketAddress("127.0.0.1", 8000);
        InetSocketAddress six = new InetSocketAddress("::1", 0);
        return Stream.of(
                new Grant(0, "k", null, Optional.empty(), Grant.Way.SHARED),
                new Grant(0, "k", List.of(1), Optional.of(four), Grant.Way.HANDOFF),
                new Grant(0, "k", null, Optional.of(four), Grant.Way.STEERED),
                new Grant(0, "k", "text", Optional.of(six), Grant.Way.CHANNEL),
                Grant.refused(98, "k", null));
    }

    private static Act listening(
            Optional<String> address, int port, AddressType type, Optional<Integer> fd) {
        return new Listening(new ListeningAddress(address, port, type, fd));
    }

    private static Grant grant(Map<String, Object> fields) throws ProtocolException {
        return Grant.of(new Frame(fields), Optional.empty());
    }

    private static Map<String, Object> withCommand(Map<String, Object> fields) {
        Map<String, Object> all = new HashMap<>(fields);
        all.put("cmd", "NODE_CLUSTER");
        return all;
    }

    /** As Json reads it. */
    private static Object json(String value) {
        if (value.matches("-?\\d{1,9}")) {
            return Integer.valueOf(value);
        } else if (value.matches("\\d+")) {
            return Long.valueOf(value);
        } else if (value.matches("\\d+\\.\\d+")) {
            return Double.valueOf(value);
        }
        return value.matches("true|false") ? Boolean.valueOf(value) : value;
    }
}
