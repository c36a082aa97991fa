package dev.prefork.events;

import dev.prefork.json.JsonText;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** The content of a message whose sender waits for one answer. Safe for any thread. */
public final class Question {
    private final JsonText content;
    private final Object id;
    private final Predicate<Map<String, Object>> asker;
    private final AtomicBoolean answered = new AtomicBoolean();

    /**
     * @param id the asker's own
     * @param asker where the answer is sent
     */
    Question(JsonText content, Object id, Predicate<Map<String, Object>> asker) {
        this.content = content;
        this.id = id;
        this.asker = asker;
    }

    public JsonText content() {
        return content;
    }

    /**
     * Says yes.
     *
     * @return as {@link dev.prefork.Worker#send(Object)}
     * @throws IllegalArgumentException when there is no JSON for it: it is not answered then
     * @throws IllegalStateException when it was answered before
     */
    public boolean answer(Object value) {
        return say(Envelope.Kind.ANSWER.of(id, value));
    }

    /** Says no; as {@link #answer}. */
    public boolean refuse(String reason) {
        return say(Envelope.Kind.REFUSAL.of(id, Objects.requireNonNull(reason, "reason is null")));
    }

    private boolean say(Map<String, Object> what) {
        if (!answered.compareAndSet(false, true)) {
            throw new IllegalStateException("the question is answered already");
        }
        try {
            return asker.test(what);
        } catch (IllegalArgumentException noJson) {
            answered.set(false);
            throw noJson;
        }
    }
}
