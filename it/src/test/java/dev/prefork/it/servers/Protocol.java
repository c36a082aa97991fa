package dev.prefork.it.servers;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.KeyPair;

import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.smtp.SMTPClient;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** How clients of whole programs speak with them: by a library that others wrote, where one is. */
interface Protocol {
    Duration DEADLINE = Duration.ofSeconds(30);
    String HOST = "127.0.0.1";

    Session open(int port) throws IOException;

    /** GET, over a connection that is kept for as long as the server likes; the answer has this. */
    static Protocol http(String path, String text) {
        return port -> new HttpSession(port, path, text, true);
    }

    /** The same over a connection for each; the server closes them without a word. */
    static Protocol httpOnce(String path, String text) {
        return port -> new HttpSession(port, path, text, false);
    }

    /** A login, then lists of the folder by connections to passive ports. */
    static Protocol ftp() {
        return port -> {
            FTPClient client = new FTPClient();
            client.setDefaultTimeout((int) DEADLINE.toMillis());
            client.setDataTimeout(DEADLINE);
            client.connect(HOST, port);
            expect("login", client.login("anonymous", "a@example.org"), client.getReplyString());
            client.enterLocalPassiveMode();
            return session(
                    client::disconnect,
                    () -> {
                        String file = "listed.txt";
                        String[] names = client.listNames();
                        expect(
                                file,
                                names != null && List.of(names).contains(file),
                                client.getReplyString());
                    });
        };
    }

    /** Mails, one after the other. */
    static Protocol smtp() {
        return port -> {
            SMTPClient client = new SMTPClient();
            client.setDefaultTimeout((int) DEADLINE.toMillis());
            client.connect(HOST, port);
            expect("login", client.login("localhost"), client.getReplyString());
            return session(
                    client::disconnect,
                    () ->
                            expect(
                                    "mail",
                                    client.sendSimpleMessage(
                                            "from@example.org",
                                            "to@example.org",
                                            "Subject: hello\r\n\r\nhello\r\n"),
                                    client.getReplyString()));
        };
    }

    /** Commands that print what they are given. */
    static Protocol ssh() {
        return port -> {
            com.jcraft.jsch.Session client = sshLogin(port);
            return session(client::disconnect, () -> echo(client));
        };
    }

    private static com.jcraft.jsch.Session sshLogin(int port) throws IOException {
        try {
            com.jcraft.jsch.Session client = new JSch().getSession("someone", HOST, port);
            client.setPassword("someone".getBytes(StandardCharsets.US_ASCII));
            client.setConfig("StrictHostKeyChecking", "no");
            client.connect((int) DEADLINE.toMillis());
            return client;
        } catch (JSchException e) {
            throw new IOException("SSH", e);
        }
    }

    /** A private key of a server. */
    static String hostKey() {
        try {
            ByteArrayOutputStream key = new ByteArrayOutputStream();
            KeyPair.genKeyPair(new JSch(), KeyPair.RSA, 2048).writePrivateKey(key);
            return key.toString(StandardCharsets.US_ASCII);
        } catch (JSchException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void echo(com.jcraft.jsch.Session client) throws IOException {
        try {
            ChannelExec channel = (ChannelExec) client.openChannel("exec");
            channel.setCommand("echo hello");
            channel.setInputStream(new ByteArrayInputStream(new byte[0]));
            InputStream output = channel.getInputStream();
            channel.connect((int) DEADLINE.toMillis());
            String said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            channel.disconnect();
            expect("hello", said.strip().equals("hello"), said);
        } catch (JSchException e) {
            throw new IOException("SSH", e);
        }
    }

    /** Rows that are put into a database in the server's memory, of this connection alone. */
    static Protocol h2() {
        return port -> {
            try {
                var connection =
                        DriverManager.getConnection(
                                "jdbc:h2:tcp://%s:%d/mem:".formatted(HOST, port));
                return session(
                        () -> {
                            try {
                                connection.close();
                            } catch (SQLException e) {
                                throw new IOException("H2", e);
                            }
                        },
                        () -> {
                            try (Statement statement = connection.createStatement();
                                    ResultSet rows = statement.executeQuery("select 6 * 7")) {
                                expect("42", rows.next() && rows.getInt(1) == 42, "another");
                            } catch (SQLException e) {
                                throw new IOException("H2", e);
                            }
                        });
            } catch (SQLException e) {
                // The driver leaves the socket of a failed login to the collector.
                System.gc();
                throw new IOException("H2", e);
            }
        };
    }

    /** Messages with a receipt. */
    static Protocol stomp() {
        return port -> {
            Socket socket = new Socket(HOST, port);
            socket.setSoTimeout((int) DEADLINE.toMillis());
            frame(socket, "CONNECT\naccept-version:1.2\nhost:localhost\n\n", "CONNECTED");
            return session(
                    socket::close,
                    () -> frame(socket, "SEND\ndestination:q\nreceipt:1\n\nhello", "RECEIPT"));
        };
    }

    private static void frame(Socket socket, String sent, String awaited) throws IOException {
        socket.getOutputStream().write((sent + "\0").getBytes(StandardCharsets.US_ASCII));
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        for (int b = socket.getInputStream().read(); b != 0; b = socket.getInputStream().read()) {
            if (b < 0) {
                throw new EOFException("the broker closed after " + answer);
            }
            answer.write(b);
        }
        String text = answer.toString(StandardCharsets.US_ASCII).strip();
        expect(awaited, text.startsWith(awaited), text);
    }

    static void expect(String what, boolean as, String said) throws IOException {
        if (!as) {
            throw new IOException("awaited: " + what + "; got: " + said);
        }
    }

    /** What may fail. */
    interface Act {
        void run() throws IOException;
    }

    private static Session session(Act close, Act question) {
        return new Session() {
            @Override
            public int ask() throws IOException {
                question.run();
                return 0;
            }

            @Override
            public void close() throws IOException {
                close.run();
            }
        };
    }
}
