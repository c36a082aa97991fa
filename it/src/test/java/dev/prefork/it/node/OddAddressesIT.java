package dev.prefork.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What Node workers may listen on besides ports and plain paths: each listen is answered, and as
 * Node's own primary answers it.
 */
@Rule({"C2", "D6", "F12"})
class OddAddressesIT {
    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    private Program primary(String kind, NodeVersion version, String policy, String locale) {
        Command command =
                kind.equals("java")
                        ? Scripts.javaPrimary(version, policy)
                        : Scripts.nodePrimary(version, policy);
        Program primary =
                programs.start(
                        withNetlinkSocket(command)
                                .with("WORKERS_IN", folder.toString())
                                .with("LC_ALL", locale));
        primary.tell("fork node");
        primary.awaitLine("online 1");
        return primary;
    }

    /** The primary has a socket as descriptor 3 that is neither TCP nor Unix. */
    private static Command withNetlinkSocket(Command command) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "-e",
                                "$^F = 9; socket(my $netlink, 16, 3, 0) or die; exec @ARGV or"
                                        + " die"));
        words.addAll(command.words());
        return new Command(
                Command.of("perl", words.toArray(String[]::new)).words(), command.environment());
    }

    /** What a worker says of a listen: that it is bound, or Node's error. */
    private static String listen(Program primary, String options) {
        int before = answers(primary).size();
        primary.tell("send 1 {\"order\":\"listen\",\"options\":{" + options + "}}");
        primary.awaitLines("bound 1 |message 1 \\{\"error", before + 1);
        return answers(primary).getLast().replaceAll("\"port\":\\d+", "\"port\":0");
    }

    private static List<String> answers(Program primary) {
        return primary.lines().stream()
                .filter(line -> line.matches("(bound 1 |message 1 \\{\"error).*"))
                .toList();
    }

    private static String code(String answer) {
        return answer.replaceAll(".*\"code\":\"(\\w+)\".*", "$1");
    }

    /**
     * There is an answer to each, and Node's own primary gives the same; but that of a path that is
     * too long, which it cuts off, so that another file is listened on than was asked for.
     */
    @ParameterizedTest
    @CsvSource({"V12_10, rr", "V12_10, none", "CURRENT, rr", "CURRENT, none"})
    void givenOddAddresses_whenANodeWorkerListensOnThem_thenEachIsAnswered(
            NodeVersion version, String policy) {
        List<String> odd =
                List.of(
                        "\"path\":\"nul\\u0000inside\"",
                        "\"path\":\"no/such/folder\"",
                        "\"path\":\".\"",
                        "\"path\":\"taken\\u0000\"",
                        "\"path\":\"taken\\u0000once more\"",
                        "\"host\":\"192.0.2.1\",\"port\":0",
                        "\"fd\":3",
                        "\"fd\":12345");
        Program node = primary("node", version, policy, "C.UTF-8");
        node.awaitLine("bound 1");
        List<String> theirs = odd.stream().map(options -> code(listen(node, options))).toList();
        node.tell("end");
        node.awaitLine("all disconnected");

        Program ours = primary("java", version, policy, "C.UTF-8");
        List<String> said = odd.stream().map(options -> code(listen(ours, options))).toList();

        assertThat(said).isEqualTo(theirs);
        assertThat(theirs.get(0)).startsWith("bound 1");
        assertThat(theirs.subList(1, 3)).containsExactly("EACCES", "EADDRINUSE");
        assertThat(theirs.get(3)).startsWith("bound 1");
        assertThat(theirs.subList(4, 8))
                .containsExactly("EADDRINUSE", "EADDRNOTAVAIL", "EINVAL", "EINVAL");
        assertThat(code(listen(ours, "\"path\":\"" + "x".repeat(200) + "\"")))
                .isEqualTo("ENAMETOOLONG");
    }

    /** Their directories are the same, and so the name of Node's worker is what it was. */
    @ParameterizedTest
    @CsvSource({"rr", "none"})
    void givenAnAbstractName_whenANodeWorkerListensOnIt_thenANodeClientReachesIt(String policy)
            throws IOException, InterruptedException {
        String name = "\\0prefork-it-" + ProcessHandle.current().pid() + policy;
        Program primary = programs.start(Scripts.javaPrimary(NodeVersion.CURRENT, policy));
        primary.tell("fork node");
        primary.awaitLine("online 1");

        String said = listen(primary, "\"path\":\"" + name.replace("\\0", "\\u0000") + "\"");

        assertThat(said).startsWith("bound 1");
        Process client =
                new ProcessBuilder(
                                "node",
                                "-e",
                                "require('http').get({socketPath: '%s'}, (response) => process.exit(response.statusCode === 200 ? 0 : 1))"
                                        .formatted(name))
                        .inheritIO()
                        .start();
        assertThat(client.waitFor()).isZero();
    }

    /** The primary's Java cannot name such a file; its worker and the kernel can. */
    @ParameterizedTest
    @CsvSource({"rr", "none"})
    void givenAPrimaryInLocaleC_whenANodeWorkerListensOnAPathOfOtherLetters_thenItIsThere(
            String policy) throws IOException, InterruptedException {
        Program primary = primary("java", NodeVersion.CURRENT, policy, "C");

        String said = listen(primary, "\"path\":\"zażółć.sock\"");

        assertThat(said).startsWith("bound 1");
        Process found =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                "test -S \"$0/$(printf"
                                        + " 'za\\305\\274\\303\\263\\305\\202\\304\\207').sock\"",
                                folder.toString())
                        .start();
        assertThat(found.waitFor()).as("the socket's file by its UTF-8 name").isZero();
    }

    /** An index tells them apart; the socket is taken all the same. */
    @ParameterizedTest
    @CsvSource({"V12_10, rr", "V12_10, none", "CURRENT, rr", "CURRENT, none"})
    void givenAListen_whenTheSameWorkerListensOnTheSameAgain_thenItIsAnsweredAsUnderNode(
            NodeVersion version, String policy) {
        List<List<String>> answers = new ArrayList<>();
        for (String kind : List.of("java", "node")) {
            Program primary = primary(kind, version, policy, "C.UTF-8");
            if (kind.equals("node")) {
                primary.awaitLine("bound 1");
            }
            String path = "\"path\":\"" + kind + ".sock\"";
            String port = "\"host\":\"127.0.0.1\",\"port\":";
            primary.tell("socket");
            String fd = "\"fd\":" + primary.awaitValue("socket").replaceAll(" .*", "");
            List<String> said = new ArrayList<>();
            said.add(listen(primary, path));
            said.add(listen(primary, path));
            said.add(listen(primary, fd));
            said.add(listen(primary, port + 0));
            int taken = primary.awaitNumbers("port 1", kind.equals("node") ? 4 : 3).getLast();
            said.add(listen(primary, port + taken));
            answers.add(
                    said.stream()
                            .map(line -> line.replaceAll("(java|node)\\.sock", "sock"))
                            .toList());
        }

        assertThat(answers.getFirst()).isEqualTo(answers.getLast());
    }
}
