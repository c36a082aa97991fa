package dev.prefork.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.ClusterSettings;
import dev.prefork.cli.ProgramArguments.Kind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** The program of a command line: what the cluster is told of it, and what cannot run. */
class ProgramArgumentsTest {
    private static final List<String> NO_OPTIONS = List.of();

    @TempDir Path folder;

    private static ClusterSettings settings(Kind kind, String... words) {
        return new ProgramArguments(NO_OPTIONS, Optional.empty(), List.of(words))
                .settings(kind)
                .build();
    }

    private static void assertRefused(String message, Kind kind, String... words) {
        assertThatThrownBy(() -> settings(kind, words))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
    }

    private String jar(String name, String... manifest) throws IOException {
        Path file = folder.resolve(name);
        Manifest written = new Manifest();
        written.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        for (String mainClass : manifest) {
            written.getMainAttributes().put(Attributes.Name.MAIN_CLASS, mainClass);
        }
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, written)) {
            jar.putNextEntry(new ZipEntry("acme/Main.class"));
        }
        return file.toString();
    }

    @Test
    void givenAJar_whenRead_thenItAndItsArgumentsAreTheProgram() throws IOException {
        String jar = jar("app.jar", "acme.Main");

        ClusterSettings settings =
                new ProgramArguments(List.of("-Xmx1g"), Optional.empty(), List.of(jar, "-w", "x y"))
                        .settings(Kind.JAVA)
                        .build();

        assertThat(settings.standalone()).contains(true);
        assertThat(settings.exec()).contains(jar);
        assertThat(settings.args()).contains(List.of("-w", "x y"));
        assertThat(settings.execArgv()).contains(List.of("-Xmx1g"));
    }

    /** As java -jar runs them. */
    @Test
    void givenAJarOfAnotherName_whenRead_thenItIsTheProgram() throws IOException {
        for (String name : List.of("app.war", "app", "server.bin")) {
            String jar = jar(name, "acme.Main");

            assertThat(settings(Kind.JAVA, jar).exec()).contains(jar);
            assertThat(settings(Kind.JAR, jar).exec()).contains(jar);
        }
        Path text = Files.writeString(folder.resolve("text"), "no zip file");
        assertRefused("is not a jar file", Kind.JAR, text.toString());
        assertRefused("nothing.war does not exist", Kind.JAVA, folder + "/nothing.war");
    }

    @Test
    void givenAPathWhereThereIsNothing_whenRead_thenItIsNoModule() throws IOException {
        assertRefused("/no/such/server does not exist", Kind.JAVA, "/no/such/server");
        assertRefused("src/server does not exist", Kind.JAVA, "src/server");
        assertRefused(
                "no file no/such, no module no and no class no.such in the class path",
                Kind.JAVA,
                "no/such");
    }

    @Test
    void givenAMainClass_whenRead_thenTheClassPathIsAmongTheOptions() throws IOException {
        String path = "nowhere:" + jar("app.jar");

        ClusterSettings settings =
                new ProgramArguments(List.of(), Optional.of(path), List.of("acme.Main"))
                        .settings(Kind.JAVA)
                        .build();

        assertThat(settings.exec()).contains("acme.Main");
        assertThat(settings.execArgv()).contains(List.of("-cp", path));
    }

    @Test
    void givenAFolderOfJars_whenTheClassIsInOne_thenItIsFound() throws IOException {
        jar("app.jar");

        assertThat(new ClassPath(folder + "/*").hasClass("acme.Main")).isTrue();
        assertThat(new ClassPath(folder + "/*").hasClass("acme.Other")).isFalse();
        assertThat(new ClassPath(folder.toString()).hasClass("acme.Main")).isFalse();
    }

    @Test
    void givenAModule_whenRead_thenItIsTheProgram() {
        String web = "jdk.httpserver/sun.net.httpserver.simpleserver.Main";

        assertThat(settings(Kind.JAVA, web).exec()).contains(web);
        assertThat(settings(Kind.MODULE, web).exec()).contains(web);
        assertThat(settings(Kind.MODULE, "jdk.httpserver").exec()).contains("jdk.httpserver/");
        assertRefused("no module app in the JDK", Kind.MODULE, "app/acme.Main");
        assertRefused("the module java.sql names no main class", Kind.MODULE, "java.sql");
        assertRefused(
                "no class acme.Main in the module java.sql", Kind.MODULE, "java.sql/acme.Main");
    }

    /** An automatic module, whose main class is that of its manifest. */
    @Test
    void givenAModulePath_whenRead_thenTheModuleIsFoundThere() throws IOException {
        String jar = jar("app-1.jar", "acme.Main");

        assertThat(
                        new ProgramArguments(List.of("-p", jar), Optional.empty(), List.of("app"))
                                .settings(Kind.MODULE)
                                .build()
                                .exec())
                .contains("app/");
    }

    @Test
    void givenAClassWithSlashes_whenRead_thenItIsNoModule() throws IOException {
        assertThat(
                        new ProgramArguments(
                                        List.of("-cp", jar("app.jar")),
                                        Optional.empty(),
                                        List.of("acme/Main"))
                                .settings(Kind.JAVA)
                                .build()
                                .exec())
                .contains("acme.Main");
    }

    @Test
    void givenAnOptionThatBringsClasses_whenTheClassIsNotOnTheClassPath_thenItMayBeThere() {
        assertThat(
                        new ProgramArguments(
                                        List.of("-Xbootclasspath/a:x.jar"),
                                        Optional.empty(),
                                        List.of("acme.Nothing"))
                                .settings(Kind.JAVA)
                                .build()
                                .exec())
                .contains("acme.Nothing");
    }

    /** A jar without classes, whose manifest names those that have them. */
    @Test
    void givenAPathingJar_whenTheClassIsInWhatItNames_thenItIsFound() throws IOException {
        jar("app.jar");
        Path pathing = folder.resolve("pathing.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, "pathing.jar no.jar app.jar");
        new JarOutputStream(Files.newOutputStream(pathing), manifest).close();

        assertThat(new ClassPath(pathing.toString()).hasClass("acme.Main")).isTrue();
        assertThat(new ClassPath(pathing.toString()).hasClass("acme.Other")).isFalse();
    }

    @Test
    void givenASourceFileOfAnotherName_whenItsVersionIsSaid_thenItIsTheProgram()
            throws IOException {
        String script = Files.writeString(folder.resolve("script"), "void main() {}").toString();

        assertThat(
                        new ProgramArguments(
                                        List.of("--source", "25"),
                                        Optional.empty(),
                                        List.of(script))
                                .settings(Kind.JAVA)
                                .build()
                                .exec())
                .contains(script);
        assertRefused("if it is Java source: prefork run --source 25", Kind.JAVA, script);
    }

    @Test
    void givenAnOptionThatNoWorkerCanHave_whenRead_thenItSaysWhatToDoInstead() {
        assertThatThrownBy(
                        () ->
                                new ProgramArguments(
                                                List.of("-XX:ArchiveClassesAtExit=x.jsa"),
                                                Optional.empty(),
                                                List.of("java.lang.Object"))
                                        .settings(Kind.JAVA))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("make the archive with java --add-modules java.instrument");
    }

    @Test
    void givenACommand_whenRead_thenItIsRunAsItIs() {
        ClusterSettings settings = settings(Kind.EXECUTABLE, "sh", "-c", "exit 3");

        assertThat(settings.standalone()).isEmpty();
        assertThat(settings.execPath()).contains("env");
        assertThat(settings.exec()).contains("sh");
        assertThat(settings.args()).contains(List.of("-c", "exit 3"));
    }

    @Test
    void givenNothing_whenRead_thenAnExampleIsShown() {
        assertRefused("such as prefork run app.jar", Kind.JAVA);
    }

    @Test
    void givenWhatIsNotThere_whenRead_thenItIsNamed() {
        assertRefused(folder + "/app.jar does not exist", Kind.JAVA, folder + "/app.jar");
        assertRefused(folder + "/App.java does not exist", Kind.JAVA, folder + "/App.java");
        assertRefused("there is no class acme.Nothing", Kind.JAVA, "acme.Nothing");
        assertRefused(
                "no executable no-such-command on the PATH", Kind.EXECUTABLE, "no-such-command");
        assertRefused("no executable file ./no-such", Kind.EXECUTABLE, "./no-such");
    }

    @Test
    void givenWhatIsNoProgram_whenRead_thenItSaysWhatToDo() throws IOException {
        Path text = Files.writeString(folder.resolve("text.jar"), "no zip file");
        Path script = Files.writeString(folder.resolve("server.js"), "");
        String library = jar("library.jar");

        assertRefused("is not a jar file", Kind.JAVA, text.toString());
        assertRefused("prefork run -cp " + library + " com.acme.Main", Kind.JAVA, library);
        assertRefused("prefork run --exec COMMAND " + script, Kind.JAVA, script.toString());
        assertRefused(
                "is a folder", Kind.JAVA, Files.createDirectory(folder.resolve("a.jar")) + "");
    }
}
