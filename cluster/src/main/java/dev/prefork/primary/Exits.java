package dev.prefork.primary;

import dev.prefork.Exit;
import dev.prefork.posix.ExitStatus;
import dev.prefork.posix.Signal;

/** What the system says of a process's end, in the application's terms. */
final class Exits {
    private Exits() {}

    static Exit of(ExitStatus status) {
        return switch (status) {
            case ExitStatus.Exited(int code) -> Exit.ofCode(code);
            case ExitStatus.Unknown() -> Exit.unknown();
            case ExitStatus.Signaled(int number) ->
                    Exit.ofSignal(Signal.of(number).map(Signal::name).orElse("SIG" + number));
        };
    }
}
