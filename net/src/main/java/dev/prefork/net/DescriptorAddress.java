package dev.prefork.net;

import java.net.SocketAddress;

/**
 * An address that is already there, as a bound socket that the primary has under this number. Where
 * there is no primary to ask, and in an exclusive bind, it is this process's own descriptor.
 */
public final class DescriptorAddress extends SocketAddress {
    private static final long serialVersionUID = 1;

    private final int number;

    public DescriptorAddress(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("fd=" + number);
        }
        this.number = number;
    }

    public int number() {
        return number;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DescriptorAddress that && that.number == number;
    }

    @Override
    public int hashCode() {
        return number;
    }

    @Override
    public String toString() {
        return "fd " + number;
    }
}
