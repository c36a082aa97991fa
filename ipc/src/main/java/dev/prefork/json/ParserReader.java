package dev.prefork.json;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;

import tools.jackson.core.JsonParser;
import tools.jackson.core.TokenStreamContext;

import java.io.IOException;
import java.io.Reader;
import java.util.function.Function;

/**
 * Reads what a parser reads, so that a text goes through one tokenizer whatever becomes of it: a
 * second one would have to be loaded and compiled by every worker that asks for a record.
 */
final class ParserReader extends JsonReader {
    private final JsonParser parser;

    /** The parser stands at a token that was looked at, and not taken. */
    private boolean isAhead;

    /**
     * Reads what comes next in the parser.
     *
     * @param parser before its first token
     */
    ParserReader(JsonParser parser) {
        super(Reader.nullReader());
        this.parser = parser;
    }

    private tools.jackson.core.JsonToken token() {
        if (isAhead) {
            return parser.currentToken();
        }
        isAhead = true;
        return parser.nextToken();
    }

    @Override
    public JsonToken peek() {
        return switch (token()) {
            case START_OBJECT -> JsonToken.BEGIN_OBJECT;
            case END_OBJECT -> JsonToken.END_OBJECT;
            case START_ARRAY -> JsonToken.BEGIN_ARRAY;
            case END_ARRAY -> JsonToken.END_ARRAY;
            case PROPERTY_NAME -> JsonToken.NAME;
            case VALUE_STRING -> JsonToken.STRING;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> JsonToken.NUMBER;
            case VALUE_TRUE, VALUE_FALSE -> JsonToken.BOOLEAN;
            case VALUE_NULL -> JsonToken.NULL;
            case null, default -> JsonToken.END_DOCUMENT;
        };
    }

    @Override
    public boolean hasNext() {
        return switch (token()) {
            case END_OBJECT, END_ARRAY -> false;
            case null, default -> true;
        };
    }

    private void take(JsonToken kind) throws IOException {
        if (peek() != kind) {
            throw unexpected(kind.toString());
        }
        isAhead = false;
    }

    private Misfit unexpected(String wanted) throws IOException {
        return new Misfit(getPath(), "%s is no %s".formatted(Misfit.word(this), wanted));
    }

    @Override
    public void beginObject() throws IOException {
        take(JsonToken.BEGIN_OBJECT);
    }

    @Override
    public void endObject() throws IOException {
        take(JsonToken.END_OBJECT);
    }

    @Override
    public void beginArray() throws IOException {
        take(JsonToken.BEGIN_ARRAY);
    }

    @Override
    public void endArray() throws IOException {
        take(JsonToken.END_ARRAY);
    }

    @Override
    public String nextName() throws IOException {
        take(JsonToken.NAME);
        return parser.currentName();
    }

    /** A number's as well. */
    @Override
    public String nextString() throws IOException {
        JsonToken kind = peek();
        if (kind != JsonToken.STRING && kind != JsonToken.NUMBER) {
            throw unexpected("text");
        }
        isAhead = false;
        return parser.getString();
    }

    @Override
    public boolean nextBoolean() throws IOException {
        take(JsonToken.BOOLEAN);
        return parser.getBooleanValue();
    }

    @Override
    public void nextNull() throws IOException {
        take(JsonToken.NULL);
    }

    @Override
    public double nextDouble() throws IOException {
        take(JsonToken.NUMBER);
        return parser.getDoubleValue();
    }

    @Override
    public long nextLong() throws IOException {
        return whole(Scalar::longExact, "long");
    }

    @Override
    public int nextInt() throws IOException {
        return whole(Scalar::intExact, "int");
    }

    private <T> T whole(Function<String, T> exact, String type) throws IOException {
        take(JsonToken.NUMBER);
        try {
            return exact.apply(parser.getString());
        } catch (NumberFormatException e) {
            throw new Misfit(place(), "a fraction is no " + type, e);
        } catch (ArithmeticException e) {
            throw new Misfit(place(), "a number is beyond " + type, e);
        }
    }

    @Override
    public void skipValue() {
        token();
        parser.skipChildren();
        isAhead = false;
    }

    /** Of the value that was looked at; or of the name that was taken. */
    @Override
    public String getPath() {
        return place();
    }

    /** Of the value that was taken. */
    @Override
    public String getPreviousPath() {
        return place();
    }

    private String place() {
        TokenStreamContext at = parser.streamReadContext();
        tools.jackson.core.JsonToken token = parser.currentToken();
        if (token != null && token.isStructStart()) {
            at = at.getParent(); // The parser is in it.
        }
        StringBuilder place = new StringBuilder();
        for (; !at.inRoot(); at = at.getParent()) {
            place.insert(
                    0, at.inObject() ? "." + at.currentName() : "[" + at.getCurrentIndex() + "]");
        }
        return "$" + place;
    }

    @Override
    public void close() {
        // Its owner does.
    }
}
