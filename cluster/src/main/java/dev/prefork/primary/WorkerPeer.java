package dev.prefork.primary;

import dev.prefork.AddressType;
import dev.prefork.ListeningAddress;
import dev.prefork.Message;
import dev.prefork.ipc.Frame;
import dev.prefork.ipc.ProtocolException;
import dev.prefork.posix.Fd;
import dev.prefork.wire.ClusterLink;

import java.util.Map;
import java.util.Optional;

/** What one worker says to the primary. Belongs to the loop's thread. */
final class WorkerPeer implements ClusterLink.Peer {
    private final Primary primary;
    private final ForkedWorker worker;
    private final ListenHandles handles;

    WorkerPeer(Primary primary, ForkedWorker worker, ListenHandles handles) {
        this.primary = primary;
        this.worker = worker;
        this.handles = handles;
    }

    @Override
    public void message(Message message) {
        emit(() -> worker.emitMessage(message));
    }

    @Override
    public void act(String act, Frame frame, Optional<Fd> handle) throws ProtocolException {
        handle.ifPresent(Fd::close);
        switch (act) {
            case "online" -> online();
            case "queryServer" -> queryServer(frame);
            case "listening" -> listening(frame);
            case "close" -> handles.close(worker, frame.text("key").orElse(""));
            case "exitedAfterDisconnect" -> {
                worker.leavesVoluntarily();
                worker.link().answer(frame, Map.of(), null);
            }
            default -> {
                // Unknown acts are ignored: another version may have more of them.
            }
        }
    }

    private void online() {
        emit(
                () -> {
                    worker.emitOnline();
                    primary.events().online().emit(worker);
                });
    }

    private void queryServer(Frame frame) throws ProtocolException {
        // One that is leaving gets no answer, as in Node: its server would be closed at once.
        if (!worker.isGoingOrGone()) {
            worker.takesHandoffs(frame.isTrue("handoff"));
            handles.listen(worker, frame);
        }
    }

    private void listening(Frame frame) throws ProtocolException {
        AddressType type;
        try {
            type = AddressType.of(frame.fields().get("addressType"));
        } catch (IllegalArgumentException unknown) {
            throw new ProtocolException("listening: " + unknown.getMessage());
        }
        ListeningAddress address =
                new ListeningAddress(
                        frame.text("address"),
                        frame.integer("port").orElse(-1),
                        type,
                        frame.integer("fd"));
        emit(
                () -> {
                    worker.emitListening(address);
                    primary.events()
                            .listening()
                            .emit(new ClusterEvents.WorkerListening(worker, address));
                });
    }

    @Override
    public void error(Exception problem) {
        emit(() -> worker.emitError(problem));
    }

    @Override
    public void disconnected() {
        primary.disconnected(worker);
    }

    private void emit(Runnable event) {
        primary.events().thread().execute(event);
    }
}
