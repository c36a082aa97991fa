package dev.prefork.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.json.Json;
import dev.prefork.json.NotJsonException;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** What is JSON for one runtime is JSON for the other. */
@Rule({"C1", "C8"})
class JsonIT {
    private static final int TEXTS = 10_000;
    private static final int MOST_CHANGES = 3;
    private static final long SEED = 1039;

    private static final List<String> BEGINNINGS =
            List.of(
                    "{\"cmd\":\"NODE_CLUSTER\",\"act\":\"online\",\"seq\":0}",
                    "[1,-2.5e-3,true,null,\"t\\u00e9\\n\\\"\\\\\"]",
                    "{\"a\":{\"b\":[[],{}]},\"é\":false}",
                    "\"\\ud83d\\ude00\\ud800 \\/\"",
                    " 12.5E+7 ",
                    "{\"\\uDC00\":\"\"}");

    private static final String CHARACTERS =
            "\"\\/bfnrtu0123456789abdefDE+-.{}[]:, \t\n\0\u001f\u007f'TrueFalseNulé\u2028\u00a0";

    private static final String SCRIPT =
            """
            const lines = require('fs').readFileSync(process.argv[1], 'utf8').split('\\n');
            const isJson = (text) => { try { JSON.parse(text); return 1; } catch (e) { return 0; } };
            console.log('read ' + lines.map(
                (line) => isJson(Buffer.from(line, 'base64').toString('utf8'))).join(''));
            """;

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource
    void givenTextsWithAFewChanges_whenBothReadThem_thenTheyTakeAndRefuseTheSame(
            NodeVersion version) throws IOException {
        Random random = new Random(SEED);
        List<String> texts = Stream.generate(() -> changed(random)).limit(TEXTS).toList();
        Path file =
                Files.write(
                        folder.resolve("texts"),
                        texts.stream()
                                .map(
                                        text ->
                                                Base64.getEncoder()
                                                        .encodeToString(text.getBytes(UTF_8)))
                                .toList());

        Program node =
                programs.start(Command.of(version.executable(), "-e", SCRIPT, file.toString()));

        String read = node.awaitValue("read");
        List<String> onlyOne =
                Stream.iterate(0, i -> i < TEXTS, i -> i + 1)
                        .filter(i -> isJson(texts.get(i)) != (read.charAt(i) == '1'))
                        .map(texts::get)
                        .toList();
        assertThat(onlyOne).as("JSON for one of them").isEmpty();
        assertThat(read.chars().filter(each -> each == '1').count())
                .isBetween(TEXTS / 20L, TEXTS / 2L);
        assertThat(node.awaitEnd()).isZero();
    }

    private static String changed(Random random) {
        StringBuilder text = new StringBuilder(BEGINNINGS.get(random.nextInt(BEGINNINGS.size())));
        int changes = 1 + random.nextInt(MOST_CHANGES);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(text.length());
            char other = CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, other);
                case 1 -> text.insert(at, other);
                default -> text.deleteCharAt(at);
            }
        }
        return text.toString();
    }

    private static boolean isJson(String text) {
        try {
            var _ = Json.read(text);
            return true;
        } catch (NotJsonException e) {
            return false;
        }
    }
}
