package dev.prefork.loop;

import java.nio.ByteBuffer;

/** What was received and nobody has read yet. */
final class Unread {
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    int count() {
        return bytes.remaining();
    }

    /**
     * Instead of what was there.
     *
     * @param received read here from its position on
     */
    void become(ByteBuffer received) {
        bytes = received;
    }

    void drop() {
        bytes = ByteBuffer.allocate(0);
    }

    /** Moves as many as there are, and as are wanted; how many. */
    int take(byte[] into, int offset, int length) {
        int count = Math.min(length, bytes.remaining());
        bytes.get(into, offset, count);
        return count;
    }

    /** The memory of what was received goes with its socket. */
    void leaveNativeMemory() {
        if (bytes.isDirect()) {
            bytes = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
        }
    }
}
