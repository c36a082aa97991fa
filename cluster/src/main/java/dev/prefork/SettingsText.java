package dev.prefork;

import java.util.StringJoiner;

/** Settings as people read them. */
final class SettingsText {
    private SettingsText() {}

    /** Those that are present, Node's four first. */
    static String of(ClusterSettings settings) {
        StringJoiner text = new StringJoiner(", ", "{", "}");
        settings.args().ifPresent(value -> text.add("args: " + value));
        settings.exec().ifPresent(value -> text.add("exec: " + value));
        settings.execArgv().ifPresent(value -> text.add("execArgv: " + value));
        settings.silent().ifPresent(value -> text.add("silent: " + value));
        settings.execPath().ifPresent(value -> text.add("execPath: " + value));
        settings.cwd().ifPresent(value -> text.add("cwd: " + value));
        settings.stdio().ifPresent(value -> text.add("stdio: " + value));
        settings.uid().ifPresent(value -> text.add("uid: " + value));
        settings.gid().ifPresent(value -> text.add("gid: " + value));
        settings.inspectPort().ifPresent(value -> text.add("inspectPort: " + value));
        settings.windowsHide().ifPresent(value -> text.add("windowsHide: " + value));
        settings.standalone().ifPresent(value -> text.add("standalone: " + value));
        settings.wrapped().ifPresent(value -> text.add("wrapped: " + value));
        settings.ownProcessGroup().ifPresent(value -> text.add("ownProcessGroup: " + value));
        settings.ports().ifPresent(value -> text.add("ports: " + value));
        settings.stopTimeout().ifPresent(value -> text.add("stopTimeout: " + value));
        settings.idleGrace().ifPresent(value -> text.add("idleGrace: " + value));
        settings.spares().ifPresent(value -> text.add("spares: " + value));
        settings.classData().ifPresent(value -> text.add("classData: " + value));
        return text.toString();
    }
}
