package dev.prefork.cli;

import dev.prefork.launch.OwnJvm;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The command {@code prefork}. */
@Command(
        name = "prefork",
        description = "Runs any program as several workers on one port.",
        subcommands = {RunCommand.class, CommandLine.HelpCommand.class},
        versionProvider = PreforkCommand.Version.class,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  prefork run app.jar                     a worker for each processor",
            "  prefork run -w 4 app.jar --port=8080    4 workers; --port is app.jar's own",
            "  prefork run --help                      more of them"
        })
public final class PreforkCommand implements Runnable {
    private static final int USAGE = 2;
    private static final String RUN = "run";

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    /** Of this jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = PreforkCommand.class.getPackage().getImplementationVersion();
            return new String[] {"prefork " + Optional.ofNullable(version).orElse("(unpacked)")};
        }
    }

    public static void main(String[] args) {
        OwnJvm.leaveAgentsToWorkers();
        if (args.length > 0 && args[0].equals(RUN)) {
            Requests.keep();
        }
        System.exit(execute(args));
    }

    private static int execute(String[] args) {
        CommandLine prefork = commandLine();
        if (args.length == 0 || !args[0].equals(RUN)) {
            return prefork.execute(args);
        }
        List<String> given = List.of(args).subList(1, args.length);
        runCommand(prefork).readAnewBy(() -> readAgain(given));
        try {
            return prefork.execute(rewritten(prefork, given));
        } catch (UsageException mistake) {
            System.err.println("prefork: " + mistake.getMessage());
            return USAGE;
        }
    }

    /** Options may stand in files. */
    private static String[] rewritten(CommandLine prefork, List<String> given) {
        List<String> words = new ArrayList<>(List.of(RUN));
        words.addAll(JavaWords.rewrite(run(prefork).getCommandSpec(), given));
        return words.toArray(String[]::new);
    }

    private static RunCommand readAgain(List<String> given) {
        CommandLine prefork = commandLine();
        prefork.parseArgs(rewritten(prefork, given));
        return runCommand(prefork);
    }

    private static CommandLine run(CommandLine prefork) {
        return prefork.getSubcommands().get(RUN);
    }

    private static RunCommand runCommand(CommandLine prefork) {
        return (RunCommand) run(prefork).getCommandSpec().userObject();
    }

    static CommandLine commandLine() {
        CommandLine prefork = new CommandLine(new PreforkCommand());
        // An @file is the JVM's, see JavaWords, or the program's.
        prefork.setExpandAtFiles(false);
        // What follows the program is the program's.
        run(prefork).setStopAtPositional(true);
        prefork.setParameterExceptionHandler((mistake, args) -> explain(mistake));
        prefork.setExecutionExceptionHandler((fault, commandLine, parsed) -> explain(fault));
        return prefork;
    }

    /** Without a command. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static int explain(ParameterException mistake) {
        String command = mistake.getCommandLine().getCommandSpec().qualifiedName();
        if (mistake instanceof UnmatchedArgumentException unmatched) {
            System.err.println("prefork: " + unmatched(unmatched, command));
        } else if (mistake instanceof MissingParameterException missing) {
            System.err.println("prefork: " + missing(missing, command));
        } else {
            System.err.println("prefork: " + mistake.getMessage() + "; see " + command + " --help");
        }
        return USAGE;
    }

    private static String missing(MissingParameterException missing, String command) {
        return missing.getMissing().stream()
                .map(argument -> missing(argument, command))
                .collect(Collectors.joining("; "));
    }

    private static String missing(ArgSpec argument, String command) {
        String option = argument instanceof OptionSpec spec ? spec.shortestName() : "";
        return "%s needs a value: %s %s; %s --help shows which"
                .formatted(option, option, argument.paramLabel(), command);
    }

    private static String unmatched(UnmatchedArgumentException unmatched, String command) {
        String word = unmatched.getUnmatched().getFirst();
        if (!word.startsWith("-")) {
            return "there is no command \""
                    + word
                    + "\"; "
                    + command
                    + " --help shows what there is";
        }
        List<String> similar = unmatched.getSuggestions();
        return "there is no option "
                + word
                + (similar.isEmpty() ? "" : "; similar are " + String.join(", ", similar))
                + "; "
                + command
                + " --help shows what there is";
    }

    private static int explain(Exception fault) throws Exception {
        if (fault instanceof UsageException) {
            System.err.println("prefork: " + fault.getMessage());
            return USAGE;
        }
        throw fault;
    }
}
