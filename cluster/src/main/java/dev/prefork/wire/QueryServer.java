package dev.prefork.wire;

import dev.prefork.ipc.Frame;
import dev.prefork.ipc.ProtocolException;

import java.util.Map;
import java.util.Optional;

/**
 * Worker to primary: may I listen here?
 *
 * @param address where
 * @param index tells several listens on the same address in one worker apart (SPEC A8)
 * @param wishes what the socket shall be like, if this is the first listen on it
 * @param data the worker's own, such as the keys of its TLS tickets; any JSON value or null
 * @param handoff whether connections may come on a socket of their own (see {@link
 *     dev.prefork.net.Handoff}); only our own workers say so, and Node ignores it
 * @param own whether it is for the workers of the asker's slot alone (SPEC F3); said only to a
 *     primary that has slots
 */
public record QueryServer(
        ListenAddress address, int index, Wishes wishes, Object data, boolean handoff, boolean own)
        implements Question<Grant> {
    /** For all workers. */
    public QueryServer(
            ListenAddress address, int index, Wishes wishes, Object data, boolean handoff) {
        this(address, index, wishes, data, handoff, false);
    }

    /**
     * What a listening socket shall be like.
     *
     * @param ipv6Only takes no IPv4
     * @param reuseAddress UDP: SO_REUSEADDR; TCP: SO_REUSEPORT
     * @param backlog 0: nothing was said
     * @param readableAll a Unix socket's file: all users may read
     * @param writableAll a Unix socket's file: all users may write, and so connect
     */
    public record Wishes(
            boolean ipv6Only,
            boolean reuseAddress,
            int backlog,
            boolean readableAll,
            boolean writableAll) {
        /** Nothing special. */
        public static final Wishes NONE = new Wishes(false, false, 0, false, false);
    }

    static final String WORD = "queryServer";

    private static final String INDEX = "index";
    private static final String DATA = "data";
    private static final String FLAGS = "flags";
    private static final String BACKLOG = "backlog";
    private static final String READABLE_ALL = "readableAll";
    private static final String WRITABLE_ALL = "writableAll";
    private static final String HANDOFF = "handoff";
    private static final String OWN = "own";

    // Of libuv: UV_TCP_IPV6ONLY and UV_UDP_IPV6ONLY are the same.
    private static final int UV_IPV6ONLY = 1;
    private static final int UV_TCP_REUSEPORT = 2;
    private static final int UV_UDP_REUSEADDR = 4;

    static QueryServer of(Frame frame) throws ProtocolException {
        // Node v20 says null where it was given none.
        int flags = Int32.of(frame, FLAGS).orElse(0);
        ListenAddress address = ListenAddress.of(frame);
        return new QueryServer(
                address,
                Int32.of(frame, INDEX).orElse(0),
                new Wishes(
                        (flags & UV_IPV6ONLY) != 0,
                        (flags & reuse(address)) != 0,
                        Int32.of(frame, BACKLOG).orElse(0),
                        Truth.of(frame, READABLE_ALL),
                        Truth.of(frame, WRITABLE_ALL)),
                frame.fields().get(DATA),
                Truth.of(frame, HANDOFF),
                Truth.of(frame, OWN));
    }

    private static int reuse(ListenAddress address) {
        return address.isUdp() ? UV_UDP_REUSEADDR : UV_TCP_REUSEPORT;
    }

    /** What both sides call this listen: workers that say the same share it. */
    public String key() {
        return address + ":" + index + (own ? ":own" : "");
    }

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public Map<String, Object> fields() {
        Map<String, Object> fields = Act.fieldsInOrder();
        address.addTo(fields);
        fields.put(INDEX, index);
        fields.put(DATA, data);
        int flags =
                (wishes.ipv6Only() ? UV_IPV6ONLY : 0)
                        | (wishes.reuseAddress() ? reuse(address) : 0);
        fields.put(FLAGS, flags);
        if (wishes.backlog() > 0) {
            fields.put(BACKLOG, wishes.backlog());
        }
        putIfTrue(fields, READABLE_ALL, wishes.readableAll());
        putIfTrue(fields, WRITABLE_ALL, wishes.writableAll());
        putIfTrue(fields, HANDOFF, handoff);
        putIfTrue(fields, OWN, own);
        return fields;
    }

    private static void putIfTrue(Map<String, Object> fields, String name, boolean value) {
        if (value) {
            fields.put(name, true);
        }
    }

    @Override
    public Grant answer(Frame frame) throws ProtocolException {
        return Grant.of(frame, Optional.of(key()));
    }
}
