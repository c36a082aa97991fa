package dev.prefork.programs.webflux;

import static org.springframework.web.reactive.function.server.RequestPredicates.GET;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;
import static org.springframework.web.reactive.function.server.ServerResponse.ok;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** WebFlux on Reactor Netty: {@code java -jar webflux.jar --server.port=PORT}. */
@SpringBootApplication
public class WebFluxProgram {
    public static void main(String[] args) {
        SpringApplication.run(WebFluxProgram.class, args);
    }

    /** Its one answer. */
    @Bean
    RouterFunction<ServerResponse> hello() {
        return route(GET("/"), request -> ok().bodyValue("hello from webflux"));
    }
}
