package dev.prefork.programs.quarkus;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** Quarkus: {@code java -Dquarkus.http.port=PORT -jar quarkus-run.jar}. */
@Path("/")
public class Hello {
    /** Its one answer. */
    @GET
    public String hello() {
        return "hello from quarkus";
    }
}
