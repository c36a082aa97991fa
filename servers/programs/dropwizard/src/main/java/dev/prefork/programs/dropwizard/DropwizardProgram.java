package dev.prefork.programs.dropwizard;

import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Environment;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** Dropwizard: {@code java -jar dropwizard.jar server FILE}. */
public final class DropwizardProgram extends Application<Configuration> {
    /** What it serves. */
    @Path("/")
    public static final class Hello {
        /** Its one answer. */
        @GET
        public String hello() {
            return "hello from dropwizard";
        }
    }

    public static void main(String[] args) throws Exception {
        new DropwizardProgram().run(args);
    }

    @Override
    public void run(Configuration configuration, Environment environment) {
        environment.jersey().register(new Hello());
    }
}
