package dev.prefork.bench;

import java.io.IOException;
import java.util.List;

/** Java alone, without us: the limit of what we can be. */
record PlainSide(JavaSide java) implements Side {
    /** With the programs of what runs here. */
    static PlainSide ofThisBuild() {
        return new PlainSide(JavaSide.ofThisBuild("java"));
    }

    @Override
    public String name() {
        return "java";
    }

    @Override
    public List<String> command(String program, List<String> arguments) {
        return java.command(program, arguments);
    }

    @Override
    public List<String> server(String program, int port, int workers) throws IOException {
        return command(program, List.of(String.valueOf(port)));
    }
}
