package dev.prefork.classdata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Where class data is when nobody says: with the other things that a user can do without. Source:
 * XDG Base Directory Specification, $XDG_CACHE_HOME.
 */
public final class UsualFolder {
    private UsualFolder() {}

    /**
     * Empty where there is no such place, or it is not ours: whoever runs as another user may still
     * have the first one's home in the environment.
     *
     * @param environment gives variables, null for one that there is not
     */
    public static Optional<Path> of(UnaryOperator<String> environment) {
        return absolute(environment.apply("XDG_CACHE_HOME"))
                .or(() -> absolute(environment.apply("HOME")).map(home -> home.resolve(".cache")))
                .map(cache -> cache.resolve("prefork"))
                .filter(ClassDataFolder::canBe)
                .filter(UsualFolder::canBeMadeByUs);
    }

    private static Optional<Path> absolute(String name) {
        try {
            return Optional.ofNullable(name).map(Path::of).filter(Path::isAbsolute);
        } catch (InvalidPathException noName) {
            return Optional.empty();
        }
    }

    private static boolean canBeMadeByUs(Path folder) {
        return Stream.iterate(folder, Path::getParent)
                .filter(Files::exists)
                .findFirst()
                .filter(there -> Files.isDirectory(there) && Files.isWritable(there))
                .filter(UsualFolder::isOurs)
                .isPresent();
    }

    private static boolean isOurs(Path folder) {
        try {
            return Ownership.isOurs(folder);
        } catch (IOException goneMeanwhile) {
            return false;
        }
    }
}
