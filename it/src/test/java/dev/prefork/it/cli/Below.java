package dev.prefork.it.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Listens, and runs the command that its arguments are, if any; without them it says what it sees
 * of the processes above.
 */
final class Below {
    private Below() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length > 0) {
            try (ServerSocket _ = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                System.exit(new ProcessBuilder(args).inheritIO().start().waitFor());
            }
        }
        Map<String, String> seen = new TreeMap<>(System.getenv());
        // Which a shell sets anew.
        List.of("_", "SHLVL", "OLDPWD").forEach(seen::remove);
        System.out.println("environment " + seen);
        System.out.println("provider " + SelectorProvider.provider().getClass().getName());
        System.out.println("vm " + ProcessHandle.current().info().commandLine().orElse(""));
    }
}
