package dev.prefork.wire;

import dev.prefork.ipc.Frame;
import dev.prefork.ipc.ProtocolException;

/**
 * An act that is answered by a frame {@code {ack, …}} with the number of its own.
 *
 * @param <A> the answer
 */
public sealed interface Question<A extends Answer> extends Act
        permits QueryServer, NewConnection, ExitedAfterDisconnect {
    /**
     * Reads the answer.
     *
     * @throws ProtocolException when a field has another type than it should
     */
    A answer(Frame frame) throws ProtocolException;
}
