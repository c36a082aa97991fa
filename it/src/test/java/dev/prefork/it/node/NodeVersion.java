package dev.prefork.it.node;

import java.util.Optional;

/** The real Nodes that the tests run against: the one whose document we follow, and today's. */
enum NodeVersion {
    V12_10,
    CURRENT;

    /** A path, or a name on PATH. */
    String executable() {
        return switch (this) {
            case V12_10 ->
                    Optional.ofNullable(System.getProperty("prefork.node12"))
                            .orElseThrow(
                                    () ->
                                            new IllegalStateException(
                                                    "prefork.node12 must say where node 12.10 is"));
            case CURRENT -> "node";
        };
    }
}
