package dev.prefork.cli;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the {@link Supervisor} knows of a worker. */
final class Member {
    final int number;
    final Set<String> addresses = new LinkedHashSet<>();
    WorkerState state = WorkerState.WAITING;

    /** The lowest number from 0 that no other living worker had when this one was forked. */
    int slot = -1;

    /** Of the cluster; 0 before there is a process. */
    int id;

    int pid;

    /** Those in its place since the last one that served long enough. */
    int deaths;

    /** Such as {@code exit code 1}, once it has ended. */
    String end = "";

    List<String> lastLines = List.of();

    Member(int number) {
        this.number = number;
    }

    void isForked(int worker, int process) {
        id = worker;
        pid = process;
    }

    @Override
    public String toString() {
        return id == 0 ? "a worker" : "worker " + id + " (pid " + pid + ")";
    }
}
