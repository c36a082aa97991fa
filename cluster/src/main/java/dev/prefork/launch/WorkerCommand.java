package dev.prefork.launch;

import java.util.List;

/**
 * The command that starts a worker.
 *
 * @param executable a path, or a name on PATH
 * @param arguments what follows it
 * @param what it runs, in a few words
 */
record WorkerCommand(String executable, List<String> arguments, String what) {}
