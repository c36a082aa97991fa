package dev.prefork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.PortRules.Listen;
import dev.prefork.PortRules.Opener;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Which listens are shared, as an operator writes it. */
class PortRulesTest {
    private static Listen listen(String host, int port, Opener opener) {
        return new Listen(new InetSocketAddress(InetAddress.ofLiteral(host), port), opener);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "9010=private                | 127.0.0.1 | 9010 | PRIVATE",
                "9010=private                | 0.0.0.0   | 9010 | PRIVATE",
                "9010=private                | 127.0.0.1 | 9011 | SHARED",
                "9000-9099=offset            | ::1       | 9099 | OFFSET",
                "9000-9099=offset            | ::1       | 9100 | SHARED",
                "127.0.0.1:9010=private      | 127.0.0.2 | 9010 | SHARED",
                "127.0.0.1:9010=private      | 127.0.0.1 | 9010 | PRIVATE",
                "[::1]:9010=private          | ::1       | 9010 | PRIVATE",
                "[::1]:9010=private          | ::        | 9010 | SHARED",
                "loopback:*=private          | 127.0.0.9 | 1    | PRIVATE",
                "loopback:*=private          | ::1       | 1    | PRIVATE",
                "loopback:*=private          | 0.0.0.0   | 1    | SHARED",
                "0=private                   | 0.0.0.0   | 0    | PRIVATE",
                "8080=shared, *=private      | 0.0.0.0   | 8080 | SHARED",
                "8080=shared, *=private      | 0.0.0.0   | 8081 | PRIVATE",
                "*:7=offset                  | 10.0.0.1  | 7    | OFFSET",
                "''                          | 0.0.0.0   | 8005 | SHARED",
            })
    void givenRules_whenAWorkerListens_thenTheFirstThatFitsDecides(
            String rules, String host, int port, PortRules.Treatment treatment) {
        assertThat(PortRules.parse(rules).treatmentOf(listen(host, port, Opener.PROGRAM)))
                .isEqualTo(treatment);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 8005, PROGRAM, OFFSET",
        "0.0.0.0,   8005, PROGRAM, SHARED",
        "127.0.0.1, 8080, PROGRAM, SHARED",
        "0.0.0.0,   9010, RMI,     OFFSET",
        "0.0.0.0,   0,    RMI,     OFFSET",
        "0.0.0.0,   0,    PROGRAM, SHARED",
        "0.0.0.0,   9404, AGENT,  OFFSET",
    })
    void givenNoRules_whenAWorkerListens_thenManagementIsItsOwnAndTheRestIsShared(
            String host, int port, Opener opener, PortRules.Treatment treatment) {
        assertThat(PortRules.DEFAULT.treatmentOf(listen(host, port, opener))).isEqualTo(treatment);
    }

    @Test
    void givenRulesBeforeTheDefaults_whenBothFit_thenTheyWin() {
        PortRules rules =
                PortRules.parse("rmi=shared,8005=shared,agent=private").then(PortRules.DEFAULT);

        assertThat(rules.treatmentOf(listen("127.0.0.1", 8005, Opener.PROGRAM)))
                .isEqualTo(PortRules.Treatment.SHARED);
        assertThat(rules.treatmentOf(listen("0.0.0.0", 1, Opener.RMI)))
                .isEqualTo(PortRules.Treatment.SHARED);
        assertThat(rules.treatmentOf(listen("0.0.0.0", 1, Opener.AGENT)))
                .isEqualTo(PortRules.Treatment.PRIVATE);
        assertThat(PortRules.parse(rules.toString())).hasToString(rules.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9010",
                "9010=own",
                "9099-9000=private",
                "=private",
                "65536=private",
                "999999999999=private",
                "1-2-3=private",
                "localhost:1=private",
                "127.1:=private",
                "[::1=private",
                "9010=private;9011=private",
            })
    void givenWhatIsNoRule_whenItIsRead_thenTheErrorNamesIt(String rules) {
        assertThatThrownBy(() -> PortRules.parse(rules))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ports=" + rules + ": ");
    }
}
