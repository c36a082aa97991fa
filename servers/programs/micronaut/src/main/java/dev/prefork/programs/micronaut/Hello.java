package dev.prefork.programs.micronaut;

import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;

/** What it serves. */
@Controller
public class Hello {
    /** Its one answer. */
    @Get(produces = MediaType.TEXT_PLAIN)
    public String hello() {
        return "hello from micronaut";
    }
}
