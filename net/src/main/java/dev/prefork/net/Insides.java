package dev.prefork.net;

import sun.nio.ch.SelChImpl;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;

/**
 * The private parts of the JDK's sockets: the one file with reflection. Every method throws an
 * IllegalStateException when this JVM does not let us in, which names the option that does, or when
 * its JDK is not the one that we know.
 */
final class Insides {
    private Insides() {}

    /** A class of package sun.nio.ch by its simple name. */
    static Class<?> socketClass(String name) {
        try {
            return lookup(SelChImpl.class).findClass("sun.nio.ch." + name);
        } catch (ReflectiveOperationException e) {
            throw unlikeThisJdk(e);
        }
    }

    /**
     * Makes a class of ours one of package sun.nio.ch, in the JDK's own loader.
     *
     * @throws LinkageError if the package has one of this name already, among others
     */
    static Class<?> define(byte[] socketClass) {
        try {
            return lookup(SelChImpl.class).defineClass(socketClass);
        } catch (IllegalAccessException e) {
            throw unlikeThisJdk(e);
        }
    }

    static MethodHandle constructor(Class<?> type, Class<?>... parameters) {
        try {
            return lookup(type)
                    .findConstructor(type, MethodType.methodType(void.class, parameters));
        } catch (ReflectiveOperationException e) {
            throw unlikeThisJdk(e);
        }
    }

    /** A method without arguments. */
    static MethodHandle method(Class<?> type, String name, Class<?> result) {
        try {
            return lookup(type).findVirtual(type, name, MethodType.methodType(result));
        } catch (ReflectiveOperationException e) {
            throw unlikeThisJdk(e);
        }
    }

    static VarHandle field(Class<?> type, String name, Class<?> value) {
        try {
            return lookup(type).findVarHandle(type, name, value);
        } catch (ReflectiveOperationException e) {
            throw unlikeThisJdk(e);
        }
    }

    private static MethodHandles.Lookup lookup(Class<?> type) {
        try {
            return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(
                    "start this JVM with --add-opens java.base/"
                            + type.getPackageName()
                            + "=ALL-UNNAMED",
                    e);
        }
    }

    private static IllegalStateException unlikeThisJdk(ReflectiveOperationException cause) {
        return new IllegalStateException("cannot make socket channels of this JDK", cause);
    }
}
