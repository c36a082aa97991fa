package dev.prefork.it.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A program of the folder servers/programs/. In its words, files and variables {@code {port}},
 * {@code {folder}} (an empty one) and {@code {target}} (of its module) stand for what they say.
 *
 * @param module its folder, and its version in servers/programs/pom.xml
 * @param words after prefork's own
 * @param files what it finds in its folder, by name
 * @param note what several of it do not share; a sentence for the table
 */
record WholeProgram(
        String name,
        String module,
        List<String> words,
        Map<String, String> files,
        Map<String, String> variables,
        Protocol protocol,
        String note) {
    private static final String NOTHING = "Nothing.";

    private static final String TARGET =
            System.getProperty("prefork.fast") == null ? "target" : "target/fast";

    private static final Path MODULES = ServerProgram.PROJECT.resolve("servers/programs");

    private static final List<WholeProgram> ALL =
            List.of(
                    published("Zipkin", "zipkin")
                            .withWords("{target}/lib/zipkin-server-{version}-exec.jar")
                            .withVariable("QUERY_PORT", "{port}")
                            .speaking(Protocol.http("/health", "UP"))
                            .noting(
                                    "Its default storage is the memory of one process: each worker"
                                            + " shows a part of the traces. Give it a storage that"
                                            + " is shared (STORAGE_TYPE)."),
                    published("WireMock", "wiremock")
                            .withWords(
                                    "{target}/lib/wiremock-standalone-{version}.jar",
                                    "--port",
                                    "{port}",
                                    "--root-dir",
                                    "{folder}")
                            .withFile(
                                    "mappings/hello.json",
                                    """
                                    {"request": {"url": "/hello"}, "response": {"body": "hello from wiremock"}}
                                    """)
                            .speaking(Protocol.http("/hello", "hello from wiremock"))
                            .noting(
                                    "Stubs and the journal made over the admin interface are in one"
                                            + " worker; those of files are in all."),
                    published("MockServer", "mockserver")
                            .withWords(
                                    "-Dmockserver.initializationJsonPath={folder}/expectations.json",
                                    "{target}/lib/mockserver-netty-no-dependencies-{version}.jar",
                                    "-serverPort",
                                    "{port}")
                            .withFile(
                                    "expectations.json",
                                    """
                                    [{"httpRequest": {"path": "/hello"}, "httpResponse": {"body": "hello from mockserver"}}]
                                    """)
                            .speaking(Protocol.http("/hello", "hello from mockserver"))
                            .noting(
                                    "Expectations made over its interface, and what it verifies,"
                                            + " are in one worker; those of the initialization file"
                                            + " are in all."),
                    framework("Dropwizard", "dropwizard", "server", "{folder}/config.yml")
                            .withFile(
                                    "config.yml",
                                    """
                                    server:
                                      applicationConnectors: [{type: http, port: {port}}]
                                      adminConnectors: []
                                    """)
                            .noting(
                                    "The admin port is shared too: a health check asks one"
                                            + " worker."),
                    framework("WebFlux", "webflux", "--server.port={port}"),
                    published("Quarkus, fast-jar", "quarkus")
                            .withWords("{target}/quarkus-app/quarkus-run.jar")
                            .withVariable("QUARKUS_HTTP_PORT", "{port}")
                            .speaking(Protocol.http("/", "hello from quarkus")),
                    published("Quarkus, uber-jar", "quarkus-uber")
                            .withWords("{target}/quarkus-uber-runner.jar")
                            .withVariable("QUARKUS_HTTP_PORT", "{port}")
                            .speaking(Protocol.http("/", "hello from quarkus")),
                    framework("Micronaut", "micronaut")
                            .withVariable("MICRONAUT_SERVER_PORT", "{port}"),
                    framework("Javalin", "javalin", "{port}"),
                    framework("Spark", "spark", "{port}"),
                    framework("Ktor", "ktor", "{port}"),
                    published("H2 TCP", "h2")
                            .withMain(
                                    "org.h2.tools.Server",
                                    "-tcp",
                                    "-tcpPort",
                                    "{port}",
                                    "-ifNotExists")
                            .speaking(Protocol.h2())
                            .noting(
                                    "A database in a file is locked by the worker that opened it"
                                        + " first: connections that others get fail with \"Database"
                                        + " may be already in use\"; one in memory is one for each"
                                        + " worker. Run it with `-w 1`, which still brings"
                                        + " restarts."),
                    published("H2 web console", "h2")
                            .withMain("org.h2.tools.Server", "-web", "-webPort", "{port}")
                            .speaking(Protocol.httpOnce("/stylesheet.css", "font"))
                            .noting(
                                    "Who is logged in is known to one worker: a browser that is"
                                        + " given to another has to log in again. Pages without a"
                                        + " session are asked for here: its table of sessions is a"
                                        + " map without a lock, and a server whose first visitors"
                                        + " come at once may break it and close every connection"
                                        + " from then on, under java alone too."),
                    published("Apache FtpServer", "ftpserver")
                            .withMain(
                                    "org.apache.ftpserver.main.CommandLine",
                                    "file:{folder}/server.xml")
                            .withFile("listed.txt", "listed")
                            .withFile(
                                    "users.properties",
                                    """
                                    ftpserver.user.anonymous.userpassword=
                                    ftpserver.user.anonymous.homedirectory={folder}
                                    ftpserver.user.anonymous.enableflag=true
                                    ftpserver.user.anonymous.maxloginnumber=100
                                    ftpserver.user.anonymous.maxloginperip=100
                                    """)
                            .withFile(
                                    "server.xml",
                                    """
                                    <server id="ftp" anon-enabled="true" max-logins="100" max-anon-logins="100"
                                        xmlns="http://mina.apache.org/ftpserver/spring/v1"
                                        xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                                        xsi:schemaLocation="http://mina.apache.org/ftpserver/spring/v1 http://mina.apache.org/ftpserver/ftpserver-1.0.xsd">
                                        <listeners><nio-listener name="default" port="{port}"/></listeners>
                                        <file-user-manager file="{folder}/users.properties" encrypt-passwords="clear"/>
                                    </server>
                                    """)
                            .speaking(Protocol.ftp())
                            .noting(
                                    "Passive ports are each worker's own: give no fixed range, or"
                                        + " one that is much wider than one worker needs; limits of"
                                        + " logins count for each worker."),
                    published("GreenMail", "greenmail")
                            .withWords(
                                    "-Dgreenmail.smtp.hostname=127.0.0.1",
                                    "-Dgreenmail.smtp.port={port}",
                                    "{target}/lib/greenmail-standalone-{version}.jar")
                            .speaking(Protocol.smtp())
                            .noting(
                                    "Mailboxes are in memory: each worker has the mails that it was"
                                            + " given."),
                    published("Apache MINA SSHD", "sshd")
                            .withMain(
                                    "org.apache.sshd.cli.server.SshServerMain",
                                    "-p",
                                    "{port}",
                                    "-key-file",
                                    "{folder}/host.key")
                            .withFile("host.key", Protocol.hostKey())
                            .speaking(Protocol.ssh())
                            .noting(
                                    "Without a file for the host key each worker makes its own, and"
                                            + " clients complain that it changed."),
                    published("ActiveMQ Artemis", "artemis")
                            .withMain(
                                    "org.apache.activemq.artemis.core.server.embedded.Main",
                                    "{folder}")
                            .withFile(
                                    "etc/broker.xml",
                                    """
                                    <configuration xmlns="urn:activemq">
                                        <core xmlns="urn:activemq:core">
                                            <persistence-enabled>false</persistence-enabled>
                                            <security-enabled>false</security-enabled>
                                            <acceptors>
                                                <acceptor name="stomp">tcp://127.0.0.1:{port}?protocols=STOMP</acceptor>
                                            </acceptors>
                                        </core>
                                    </configuration>
                                    """)
                            .speaking(Protocol.stomp())
                            .noting(
                                    "Queues are one worker's: who sends and who receives may meet"
                                            + " different ones. With a journal on disk the second"
                                            + " worker waits for the lock of the first. Use its own"
                                            + " clustering."),
                    published("Netty's HTTP example", "netty-example")
                            .withWords(
                                    "-Dport={port}",
                                    "-cp",
                                    "{target}/lib/*",
                                    "io.netty.example.http.helloworld.HttpHelloWorldServer")
                            .speaking(Protocol.http("/", "Hello World")),
                    published("PlantUML", "plantuml")
                            .withWords("{target}/lib/plantuml-{version}.jar", "-picoweb:{port}")
                            .speaking(
                                    Protocol.httpOnce(
                                            "/plantuml/txt/SoWkIImgAStDuN98pKi1qW00", "Bob")));

    /** A jar that is run as it is published; what follows says how. */
    private static WholeProgram published(String name, String module) {
        Protocol silent =
                port -> {
                    throw new IllegalStateException(name + " speaks nothing");
                };
        return new WholeProgram(name, module, List.of(), Map.of(), Map.of(), silent, NOTHING);
    }

    /** The jar of our module, which answers with a text of its own. */
    private static WholeProgram framework(String name, String module, String... arguments) {
        return published(name, module)
                .withWords("{target}/" + module + ".jar")
                .withWords(arguments)
                .speaking(Protocol.http("/", "hello from " + module));
    }

    private WholeProgram withMain(String main, String... arguments) {
        return withWords("-cp", "{target}/lib/*", main).withWords(arguments);
    }

    private WholeProgram withWords(String... more) {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of(more));
        return new WholeProgram(name, module, all, files, variables, protocol, note);
    }

    private WholeProgram withFile(String file, String text) {
        Map<String, String> all = new LinkedHashMap<>(files);
        all.put(file, text);
        return new WholeProgram(name, module, words, all, variables, protocol, note);
    }

    private WholeProgram withVariable(String variable, String value) {
        return new WholeProgram(
                name, module, words, files, Map.of(variable, value), protocol, note);
    }

    private WholeProgram speaking(Protocol spoken) {
        return new WholeProgram(name, module, words, files, variables, spoken, note);
    }

    private WholeProgram noting(String sentence) {
        return new WholeProgram(name, module, words, files, variables, protocol, sentence);
    }

    static List<WholeProgram> all() {
        return ALL;
    }

    /** Writes its files. */
    void prepare(Path folder, int port) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, filled(file.getValue(), folder, port));
        }
    }

    /** The words after prefork's own. */
    List<String> words(Path folder, int port) {
        return words.stream().map(word -> filled(word, folder, port)).toList();
    }

    Map<String, String> environment(Path folder, int port) {
        return variables.entrySet().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                variable -> filled(variable.getValue(), folder, port)));
    }

    private String filled(String text, Path folder, int port) {
        return text.replace("{port}", "" + port)
                .replace("{folder}", folder.toString())
                .replace("{target}", MODULES.resolve(module).resolve(TARGET).toString())
                .replace("{version}", versionNumber());
    }

    String versionNumber() {
        try {
            Matcher matcher =
                    Pattern.compile("<" + module + "\\.version>(.+)</")
                            .matcher(Files.readString(MODULES.resolve("pom.xml")));
            if (!matcher.find()) {
                throw new IllegalStateException("no version of " + module + " in " + MODULES);
            }
            return matcher.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
