package dev.prefork.json;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.DatabindException;

/** Our own no, in the middle of the library's work: it adds where that is. */
final class Refusal extends DatabindException {
    private static final long serialVersionUID = 1L;

    Refusal(String reason) {
        super((JsonGenerator) null, reason);
    }
}
