package dev.prefork;

import java.util.Objects;

/**
 * The kinds of address that a worker can listen on, with the values that Node has for them on the
 * wire and in {@code address.addressType}.
 */
public enum AddressType {
    TCP4(4),
    TCP6(6),
    UNIX(-1),
    UDP4("udp4"),
    UDP6("udp6"),
    /** A descriptor of the primary, whatever its socket is; Node has null for it. */
    DESCRIPTOR(null);

    private final Object nodeValue;

    AddressType(Object nodeValue) {
        this.nodeValue = nodeValue;
    }

    /** 4, 6, −1, "udp4", "udp6" or null. */
    public Object nodeValue() {
        return nodeValue;
    }

    /**
     * The type that Node has this value for.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static AddressType of(Object nodeValue) {
        for (AddressType type : values()) {
            if (Objects.equals(type.nodeValue, nodeValue)) {
                return type;
            }
        }
        throw new IllegalArgumentException("addressType=" + nodeValue);
    }
}
