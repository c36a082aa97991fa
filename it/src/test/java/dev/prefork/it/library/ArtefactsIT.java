package dev.prefork.it.library;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.it.support.Command;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;

/** What is in the jar that users have, and what Maven reads of it. */
class ArtefactsIT {
    private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();

    /** In a class file: a name of what is inside under another one, not the address of its page. */
    private static final Pattern OF_OTHERS =
            Pattern.compile("(?<!github[.])com[/.]google[/.]gson[/.]");

    private static final Pattern IN_PACKAGE = Pattern.compile("(dev/prefork/.*|dev/prefork)/[^/]+");

    private static JarFile library() throws IOException {
        return new JarFile(Library.jar().toFile());
    }

    @Test
    void everyClassIsInAPackageOfOurs() throws IOException {
        try (JarFile jar = library()) {
            assertThat(jar.stream().filter(entry -> !entry.isDirectory()).map(JarEntry::getName))
                    .allMatch(
                            name ->
                                    IN_PACKAGE.matcher(name).matches()
                                            || name.startsWith("META-INF/")
                                            || name.equals("module-info.class"));
        }
    }

    @Test
    void noClassNamesALibraryThatIsNotInTheJar() throws IOException {
        try (JarFile jar = library()) {
            for (JarEntry entry : jar.stream().toList()) {
                if (entry.getName().endsWith(".class")) {
                    try (InputStream content = jar.getInputStream(entry)) {
                        String text = new String(content.readAllBytes(), ISO_8859_1);
                        assertThat(OF_OTHERS.matcher(text).results().map(found -> found.group()))
                                .as(entry.getName())
                                .isEmpty();
                    }
                }
            }
        }
    }

    @Test
    void theModuleShowsTheApiAndNeedsTheJdksBaseAlone() throws IOException {
        ModuleDescriptor module =
                ModuleFinder.of(Library.jar()).find("dev.prefork").orElseThrow().descriptor();

        assertThat(module.isAutomatic()).isFalse();
        assertThat(module.exports())
                .filteredOn(exports -> !exports.isQualified())
                .extracting(Exports::source)
                .containsExactly("dev.prefork");
        assertThat(module.opens()).isEmpty();
        assertThat(module.requires())
                .filteredOn(needed -> !needed.modifiers().contains(Requires.Modifier.STATIC))
                .extracting(Requires::name)
                .containsExactly("java.base");
        assertThat(module.packages()).isEqualTo(packages());
    }

    private static Set<String> packages() throws IOException {
        Set<String> packages = new TreeSet<>();
        try (JarFile jar = library()) {
            for (JarEntry entry : jar.stream().toList()) {
                String name = entry.getName();
                if (IN_PACKAGE.matcher(name).matches() && !entry.isDirectory()) {
                    packages.add(name.substring(0, name.lastIndexOf('/')).replace('/', '.'));
                }
            }
        }
        return packages;
    }

    /** As Maven gives it to those who depend on the library. */
    @Test
    void thePomNamesNoOtherLibrary() throws IOException {
        String pom = Files.readString(PROJECT.resolve("library/dependency-reduced-pom.xml"));

        assertThat(pom).contains("<artifactId>prefork-library</artifactId>");
        assertThat(Pattern.compile("<dependency>(?s:(?!</dependency>).)*").matcher(pom).results())
                .allMatch(dependency -> dependency.group().contains("<scope>test</scope>"));
    }

    @Test
    void theJarHasItsLicenceAndNamesWhatIsInside() throws IOException {
        try (JarFile jar = library()) {
            assertThat(text(jar, "META-INF/LICENSE")).isEqualTo(project("LICENSE"));
            assertThat(text(jar, "META-INF/NOTICE")).startsWith(project("NOTICE")).contains("Gson");
        }
        try (JarFile command = new JarFile(Command.preforkJar().toFile())) {
            assertThat(text(command, "META-INF/LICENSE")).isEqualTo(project("LICENSE"));
            assertThat(text(command, "META-INF/NOTICE"))
                    .startsWith(project("NOTICE"))
                    .contains("Gson", "picocli");
        }
    }

    private static String text(JarFile jar, String name) throws IOException {
        try (InputStream content = jar.getInputStream(jar.getEntry(name))) {
            return new String(content.readAllBytes(), UTF_8);
        }
    }

    private static String project(String file) throws IOException {
        return Files.readString(PROJECT.resolve(file));
    }

    /** All that is published: the parent, the library, the list of versions. */
    @ParameterizedTest
    @CsvSource({".,.", "library,.", "bom,bom"})
    void thePomSaysWhoseItIsAndWhatItMayBeUsedFor(String module, String inherited)
            throws Exception {
        assertThat(said("/project/name", module)).isNotEmpty();
        assertThat(said("/project/description", module)).isNotEmpty();
        assertThat(said("/project/licenses/license/name", inherited)).isEqualTo("Apache-2.0");
        assertThat(said("/project/developers/developer/name", inherited)).isNotEmpty();
    }

    @Test
    void theOthersAreNotPublished() throws Exception {
        NodeList modules = nodes("/project/modules/module", ".");
        for (int i = 0; i < modules.getLength(); i++) {
            String module = modules.item(i).getTextContent();
            assertThat(said("/project/properties/maven.deploy.skip", module))
                    .as(module)
                    .isEqualTo(Set.of("library", "bom").contains(module) ? "" : "true");
        }
    }

    /** It has no parent that would say the version. */
    @Test
    void theListOfVersionsHasTheVersionOfTheParent() throws Exception {
        assertThat(said("/project/version", "bom")).isEqualTo(said("/project/version", "."));
    }

    private static String said(String path, String module) throws Exception {
        NodeList found = nodes(path, module);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }

    private static NodeList nodes(String path, String module) throws Exception {
        Document pom =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(PROJECT.resolve(module, "pom.xml").toFile());
        return (NodeList)
                XPathFactory.newInstance().newXPath().evaluate(path, pom, XPathConstants.NODESET);
    }
}
