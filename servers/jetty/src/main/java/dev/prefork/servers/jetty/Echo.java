package dev.prefork.servers.jetty;

import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/** Answers each message of a WebSocket with this process and the message. Public for Jetty. */
public final class Echo extends Session.Listener.AbstractAutoDemanding {
    private static final long PID = ProcessHandle.current().pid();

    @Override
    public void onWebSocketText(String text) {
        getSession().sendText("pid=" + PID + " " + text, Callback.NOOP);
    }
}
