package dev.prefork.events;

import dev.prefork.json.JsonText;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What goes between two processes beside plain messages: a question, {@code {"$ask": id, "value":
 * …}}, and what is said to it, {@code {"$reply": id, "value": …}} or {@code {"$reply": id, "error":
 * "…"}}. The id is the asker's own, a number or a text.
 */
record Envelope(Kind kind, Object id, JsonText content) {
    enum Kind {
        QUESTION("$ask", "value"),
        ANSWER("$reply", "value"),
        REFUSAL("$reply", "error");

        private final String idName;
        private final String contentName;

        Kind(String idName, String contentName) {
            this.idName = idName;
            this.contentName = contentName;
        }

        /** What is sent. */
        Map<String, Object> of(Object id, Object content) {
            // Map.of would refuse null.
            Map<String, Object> fields = LinkedHashMap.newLinkedHashMap(FIELDS);
            fields.put(idName, id);
            fields.put(contentName, content);
            return fields;
        }

        private boolean isOf(Map<?, ?> fields) {
            Object id = fields.get(idName);
            return (id instanceof Number || id instanceof String)
                    && fields.containsKey(contentName)
                    && (this != REFUSAL || fields.get(contentName) instanceof String);
        }
    }

    private static final int FIELDS = 2;

    /** What has come, if it is one: it has these two fields and no other. */
    static Optional<Envelope> of(JsonText received) {
        if (received.mayBeInternal()
                && received.value() instanceof Map<?, ?> fields
                && fields.size() == FIELDS) {
            for (Kind kind : Kind.values()) {
                if (kind.isOf(fields)) {
                    JsonText content =
                            received.member(kind.contentName, fields.get(kind.contentName));
                    return Optional.of(new Envelope(kind, fields.get(kind.idName), content));
                }
            }
        }
        return Optional.empty();
    }

    /** Of a refusal. */
    String reason() {
        return (String) content.value();
    }
}
