import com.sun.net.httpserver.*;
import dev.prefork.*;
import javax.net.ssl.*;

// HTTPS by two workers, with one key: of a PKCS 12 file, and its password.

void main(String[] args) throws Exception {
    if (Cluster.isPrimary()) {
        Cluster.fork();
        Cluster.fork();
    } else {
        char[] password = args[2].toCharArray();
        var keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(KeyStore.getInstance(new File(args[1]), password), password);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        var server = HttpsServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(("worker " + Cluster.worker().id()).getBytes());
            exchange.close();
        });
        server.start();
    }
}
