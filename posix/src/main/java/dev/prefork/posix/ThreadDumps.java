package dev.prefork.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;

/**
 * The thread dumps that this JVM is asked for by SIGQUIT. It keeps that signal to itself, but tells
 * of each dump by the event DataDumpRequest of its tool interface, after it has printed its own.
 *
 * <p>Source of all numbers: jni.h and jvmti.h of the JDK.
 */
public final class ThreadDumps {
    private static final int JVMTI_VERSION_1_2 = 0x30010200;
    private static final int JVMTI_ENABLE = 1;
    private static final int JVMTI_EVENT_DATA_DUMP_REQUEST = 71;
    private static final int JVMTI_MIN_EVENT_TYPE_VAL = 50;

    /** jvmtiEventCallbacks has a pointer for each event; those up to ours will do. */
    private static final int CALLBACKS = JVMTI_EVENT_DATA_DUMP_REQUEST - JVMTI_MIN_EVENT_TYPE_VAL;

    // Places in the tables of functions, JNIInvokeInterface_ and jvmtiInterface_1_.
    private static final int GET_ENV = 6;
    private static final int SET_EVENT_NOTIFICATION_MODE = 1;
    private static final int SET_EVENT_CALLBACKS = 121;

    private ThreadDumps() {}

    /**
     * Has an action done at each of them, for good; on the JVM's thread for signals.
     *
     * @param action throws nothing: the JVM would end
     * @return false where this is not the HotSpot JVM, and nothing will be told
     */
    @SuppressWarnings("restricted")
    public static boolean listen(Runnable action) {
        Path library = Path.of(System.getProperty("java.home"), "lib", "server", "libjvm.so");
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup jvm = SymbolLookup.libraryLookup(library, Arena.global());
            // jint JNI_GetCreatedJavaVMs(JavaVM **vms, jsize length, jsize *count);
            MemorySegment virtualMachine = arena.allocate(ValueLayout.JAVA_LONG);
            MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
            call(
                    jvm.findOrThrow("JNI_GetCreatedJavaVMs"),
                    virtualMachine.address(),
                    1,
                    count.address());
            // jint GetEnv(JavaVM *vm, void **env, jint version);
            long vm = virtualMachine.get(ValueLayout.JAVA_LONG, 0);
            MemorySegment tools = arena.allocate(ValueLayout.JAVA_LONG);
            call(method(vm, GET_ENV), vm, tools.address(), JVMTI_VERSION_1_2);
            listen(tools.get(ValueLayout.JAVA_LONG, 0), arena, action);
            return true;
        } catch (RuntimeException anotherJvm) {
            return false;
        }
    }

    private static void listen(long tools, Arena arena, Runnable action) {
        long size = (CALLBACKS + 1) * ValueLayout.ADDRESS.byteSize();
        MemorySegment callbacks = arena.allocate(size, ValueLayout.ADDRESS.byteAlignment());
        callbacks.setAtIndex(ValueLayout.ADDRESS, CALLBACKS, callback(action));
        // jvmtiError SetEventCallbacks(jvmtiEnv *env, const jvmtiEventCallbacks *, jint size);
        call(method(tools, SET_EVENT_CALLBACKS), tools, callbacks.address(), size);
        // jvmtiError SetEventNotificationMode(jvmtiEnv *env, jvmtiEventMode mode,
        //         jvmtiEvent event, jthread thread, ...);
        call(
                method(tools, SET_EVENT_NOTIFICATION_MODE),
                tools,
                JVMTI_ENABLE,
                JVMTI_EVENT_DATA_DUMP_REQUEST);
    }

    /** void DataDumpRequest(jvmtiEnv *env); its argument is dropped. */
    @SuppressWarnings("restricted")
    private static MemorySegment callback(Runnable action) {
        try {
            MethodHandle run =
                    MethodHandles.lookup()
                            .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
                            .bindTo(action);
            return Linker.nativeLinker()
                    .upcallStub(
                            MethodHandles.dropArguments(run, 0, MemorySegment.class),
                            FunctionDescriptor.ofVoid(ValueLayout.ADDRESS),
                            Arena.global());
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError("a Runnable can be run", impossible);
        }
    }

    /** A function of an object in C, which begins with a pointer to the table of them. */
    @SuppressWarnings("restricted")
    private static MemorySegment method(long object, int place) {
        MemorySegment table =
                MemorySegment.ofAddress(object)
                        .reinterpret(ValueLayout.ADDRESS.byteSize())
                        .get(ValueLayout.ADDRESS, 0)
                        .reinterpret((place + 1) * ValueLayout.ADDRESS.byteSize());
        return table.getAtIndex(ValueLayout.ADDRESS, place);
    }

    private static void call(MemorySegment function, long a, long b, long c) {
        int error = Libc.callReturningError(function, a, b, c, 0, 0, 0);
        if (error != 0) {
            throw new UnsupportedOperationException("the JVM answers " + error);
        }
    }
}
