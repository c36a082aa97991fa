package dev.prefork.servers.tomcat;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

import java.io.IOException;
import java.nio.file.Files;

/** Tomcat: {@code java -jar tomcat.jar PORT [nio|nio2]}. */
final class TomcatServer extends HttpServlet {
    private static final long PID = ProcessHandle.current().pid();

    public static void main(String[] args) throws IOException, LifecycleException {
        boolean isNio2 = args.length > 1 && args[1].equals("nio2");
        Connector connector =
                new Connector(
                        isNio2
                                ? "org.apache.coyote.http11.Http11Nio2Protocol"
                                : "org.apache.coyote.http11.Http11NioProtocol");
        connector.setPort(Integer.parseInt(args[0]));
        connector.setThrowOnFailure(true);

        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(Files.createTempDirectory("tomcat").toString());
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", null);
        Tomcat.addServlet(context, "server", new TomcatServer()).addMapping("/");
        tomcat.start();
        tomcat.getServer().await();
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setContentType("text/plain");
        if (request.getRequestURI().equals("/stream")) {
            stream(request.getParameter("lines"), response.getOutputStream());
        } else {
            String remote = request.getRemoteAddr() + ":" + request.getRemotePort();
            response.getOutputStream().print("pid=" + PID + " remote=" + remote + "\n");
        }
    }

    private static void stream(String wanted, ServletOutputStream out) throws IOException {
        int lines = wanted == null ? 10 : Integer.parseInt(wanted);
        for (int line = 1; line <= lines; line++) {
            if (line > 1) {
                pause();
            }
            out.print("pid=" + PID + " line=" + line + "\n");
            out.flush();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
