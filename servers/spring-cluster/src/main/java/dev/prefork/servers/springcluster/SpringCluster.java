package dev.prefork.servers.springcluster;

import dev.prefork.Cluster;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Spring Boot with Tomcat, and its own cluster: {@code java -jar spring-cluster.jar PORT}. A port
 * that is none makes a worker that fails at its start.
 */
@RestController
@SpringBootApplication
class SpringCluster {
    public static void main(String[] args) {
        if (Cluster.isPrimary()) {
            Cluster.onListening((_, address) -> System.out.println("port " + address.port()));
            Cluster.onExit((_, exit) -> System.out.println("ended " + exit));
            Cluster.fork();
            Cluster.fork();
        } else {
            SpringApplication.run(SpringCluster.class, "--server.port=" + args[0]);
        }
    }

    @GetMapping(path = "/", produces = MediaType.TEXT_PLAIN_VALUE)
    String answer() {
        return "worker " + Cluster.worker().id();
    }
}
