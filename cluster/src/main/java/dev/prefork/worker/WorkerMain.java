package dev.prefork.worker;

import dev.prefork.log.LazyLogger;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Optional;

/**
 * The entry of a worker JVM: opens the link to the primary, then runs the program's main class as
 * {@code java} does, on the thread {@code main}.
 */
public final class WorkerMain {
    private static final LazyLogger LOG = new LazyLogger(WorkerMain.class);

    private WorkerMain() {}

    /** Takes the name of the program's main class, then its arguments. */
    public static void main(String[] args) throws Throwable {
        if (args.length == 0) {
            throw new IllegalArgumentException(
                    "the first argument must be the main class of the program");
        }
        KnownJdk.orEnd();
        Optional<WorkerRuntime> runtime = WorkerRuntime.startFor(Entry.MAIN);
        try {
            run(args[0], Arrays.copyOfRange(args, 1, args.length));
        } catch (Throwable ofTheProgram) {
            if (WorkerRuntime.isOfLeaving(ofTheProgram)) {
                LOG.get().log(System.Logger.Level.INFO, "the program has ended", ofTheProgram);
                return;
            }
            // Its handler may be the program's own by now, and tell nobody.
            runtime.ifPresent(WorkerRuntime::letGo);
            throw ofTheProgram;
        }
    }

    private static void run(String mainClass, String[] args) throws Throwable {
        Class<?> program =
                Class.forName(
                        mainClass.replace('/', '.'), true, ClassLoader.getSystemClassLoader());
        Method main = findMain(program);
        Object receiver = null;
        if (!Modifier.isStatic(main.getModifiers())) {
            Constructor<?> constructor = program.getDeclaredConstructor();
            constructor.setAccessible(true);
            receiver = constructor.newInstance();
        }
        main.setAccessible(true);
        try {
            if (main.getParameterCount() == 0) {
                main.invoke(receiver);
            } else {
                main.invoke(receiver, (Object) args);
            }
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** main(String[]) before main(), own before inherited, static or not: JEP 512. */
    private static Method findMain(Class<?> program) throws NoSuchMethodException {
        Class<?>[][] signatures = {{String[].class}, {}};
        for (Class<?>[] signature : signatures) {
            for (Class<?> type = program; type != null; type = type.getSuperclass()) {
                try {
                    Method main = type.getDeclaredMethod("main", signature);
                    if (!Modifier.isPrivate(main.getModifiers())) {
                        return main;
                    }
                } catch (NoSuchMethodException next) {
                    // The superclass may have it.
                }
            }
        }
        throw new NoSuchMethodException("main class " + program.getName() + " has no main method");
    }
}
