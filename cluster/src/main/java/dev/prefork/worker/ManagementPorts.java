package dev.prefork.worker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/**
 * The ports of the JVM's own agent for JMX, which it opens after all Java agents and before the
 * program's main: this worker's in place of those that were asked for, wherever they were.
 *
 * <p>Changed here and not at the bind, because the number is also what the stubs tell clients.
 */
final class ManagementPorts {
    private static final String PREFIX = "com.sun.management.";
    private static final String CONFIG_FILE = PREFIX + "config.file";
    private static final List<String> PORTS =
            List.of(PREFIX + "jmxremote.port", PREFIX + "jmxremote.rmi.port");

    private ManagementPorts() {}

    /** Of this JVM; before its agent starts. */
    static void shift(OwnPorts ports) {
        Properties system = System.getProperties();
        // The JVM starts its agent for no other reason.
        if (system.stringPropertyNames().stream().noneMatch(name -> name.startsWith(PREFIX))) {
            return;
        }
        Properties configured = configured(system);
        for (String name : PORTS) {
            String value = system.getProperty(name, configured.getProperty(name));
            if (value != null && value.strip().matches("[1-9]\\d{0,4}")) {
                int port = ports.shifted(Integer.parseInt(value.strip()));
                system.setProperty(name, String.valueOf(port));
            }
        }
    }

    /** What is in the agent's file; of one that cannot be read the agent will say so. */
    private static Properties configured(Properties system) {
        Properties configured = new Properties();
        String file =
                system.getProperty(
                        CONFIG_FILE,
                        system.getProperty("java.home") + "/conf/management/management.properties");
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            configured.load(in);
        } catch (IOException | IllegalArgumentException unreadable) {
            return new Properties();
        }
        return configured;
    }
}
