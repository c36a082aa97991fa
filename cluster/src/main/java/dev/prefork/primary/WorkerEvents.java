package dev.prefork.primary;

import dev.prefork.Exit;
import dev.prefork.ListenRefusal;
import dev.prefork.ListeningAddress;
import dev.prefork.Message;
import dev.prefork.Worker;
import dev.prefork.events.Conversation;
import dev.prefork.events.EventThread;
import dev.prefork.events.Listeners;
import dev.prefork.events.OneTimeEvent;
import dev.prefork.ipc.Channel;
import dev.prefork.ipc.Receipt;

import java.util.Optional;

/**
 * The events of one worker, on their way from the loop to the application: what the worker's {@link
 * Peer} tells is passed on to the event thread, where first the state changes that the application
 * can ask for, then the worker's own listeners are told, then those of the cluster.
 */
final class WorkerEvents implements Peer.Observer {
    private final ForkedWorker worker;
    private final Workers workers;
    private final ClusterEvents ofTheCluster;
    private final EventThread eventThread;
    private final Conversation conversation;

    private final OneTimeEvent<Worker> online;
    private final OneTimeEvent<Worker> disconnect;
    private final OneTimeEvent<Exit> exit;
    private final OneTimeEvent<Worker> leader;
    private final Listeners<ListeningAddress> listening = new Listeners<>();
    private final Listeners<ListeningAddress> closed = new Listeners<>();
    private final Listeners<ListenRefusal> refused = new Listeners<>();
    private volatile Boolean exitedAfterDisconnect;
    private volatile Exit howItEnded;

    WorkerEvents(ForkedWorker worker, Channel channel, Workers workers, ClusterEvents events) {
        this.worker = worker;
        this.workers = workers;
        this.ofTheCluster = events;
        this.eventThread = events.thread();
        this.online = new OneTimeEvent<>(eventThread);
        this.disconnect = new OneTimeEvent<>(eventThread);
        this.exit = new OneTimeEvent<>(eventThread);
        this.leader = new OneTimeEvent<>(eventThread);
        this.conversation =
                new Conversation(
                        worker.toString(), eventThread, channel, new ListenersOfTheCluster());
    }

    /** Those of any worker's messages, who hear them after this worker's own. */
    private final class ListenersOfTheCluster implements Conversation.Audience {
        @Override
        public boolean isThere() {
            return !ofTheCluster.messages().isEmpty();
        }

        @Override
        public void hear(Message message) {
            ofTheCluster.messages().emit(new ClusterEvents.WorkerMessage(worker, message));
        }

        @Override
        public boolean answers() {
            return ofTheCluster.questions().isThere();
        }

        @Override
        public void answer(Message question) {
            var _ =
                    ofTheCluster
                            .questions()
                            .hear(new ClusterEvents.WorkerMessage(worker, question));
        }
    }

    // What the peer tells, on the loop's thread.

    @Override
    public void online(Receipt receipt) {
        eventThread.executeOrEnd(
                () -> {
                    online.fire(worker);
                    ofTheCluster.online().emit(worker);
                    workers.isOnline(worker);
                    receipt.done();
                });
    }

    @Override
    public void listening(ListeningAddress address, Receipt receipt) {
        eventThread.executeOrEnd(
                () -> {
                    listening.emit(address);
                    ofTheCluster
                            .listening()
                            .emit(new ClusterEvents.WorkerListening(worker, address));
                    receipt.done();
                });
    }

    @Override
    public void closed(ListeningAddress address, Receipt receipt) {
        eventThread.executeOrEnd(
                () -> {
                    closed.emit(address);
                    receipt.done();
                });
    }

    @Override
    public void listenRefused(ListenRefusal refusal) {
        eventThread.executeOrEnd(() -> refused.emit(refusal));
    }

    @Override
    public void message(Message message, Receipt receipt) {
        conversation.message(message, receipt);
    }

    @Override
    public void error(Exception problem) {
        conversation.error(problem);
    }

    @Override
    public void leavesVoluntarily() {
        exitedAfterDisconnect = true;
    }

    @Override
    public boolean isLeaving() {
        return Boolean.TRUE.equals(exitedAfterDisconnect);
    }

    @Override
    public void disconnected() {
        conversation.over();
        eventThread.executeOrEnd(
                () -> {
                    workers.disconnected(worker);
                    knowWhetherVoluntary();
                    disconnect.fire(worker);
                    ofTheCluster.disconnect().emit(worker);
                });
        // By itself: a listener may be in System.exit, and its hooks wait for this.
        eventThread.executeOrEnd(
                () -> {
                    workers.disconnectIsTold(worker);
                    eventThread.release();
                });
    }

    @Override
    public void ended(Exit how) {
        eventThread.executeOrEnd(
                () -> {
                    howItEnded = how;
                    workers.ended(worker);
                    knowWhetherVoluntary();
                    online.cannotHappen(
                            new IllegalStateException(
                                    worker + " ended before it was online: " + how));
                    exit.fire(how);
                    ofTheCluster.exit().emit(new ClusterEvents.WorkerExit(worker, how));
                    workers.endIsTold(worker);
                    eventThread.release();
                });
    }

    private void knowWhetherVoluntary() {
        if (exitedAfterDisconnect == null) {
            exitedAfterDisconnect = false;
        }
    }

    /** The JVM runs on from now on: while there is the process, and while there is the channel. */
    void hold() {
        eventThread.hold();
        eventThread.hold();
    }

    /** 'fork'. */
    void forked() {
        eventThread.execute(() -> ofTheCluster.fork().emit(worker));
    }

    // What the application asks.

    Conversation conversation() {
        return conversation;
    }

    OneTimeEvent<Worker> online() {
        return online;
    }

    OneTimeEvent<Worker> disconnect() {
        return disconnect;
    }

    OneTimeEvent<Exit> exit() {
        return exit;
    }

    OneTimeEvent<Worker> leader() {
        return leader;
    }

    Listeners<ListeningAddress> listening() {
        return listening;
    }

    Listeners<ListeningAddress> closed() {
        return closed;
    }

    Listeners<ListenRefusal> refused() {
        return refused;
    }

    Optional<Exit> howItEnded() {
        return Optional.ofNullable(howItEnded);
    }

    Optional<Boolean> exitedAfterDisconnect() {
        return Optional.ofNullable(exitedAfterDisconnect);
    }
}
