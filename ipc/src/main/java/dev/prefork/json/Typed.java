package dev.prefork.json;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

import java.lang.reflect.Type;

/**
 * The application's own types: records, beans, enums, collections, times.
 *
 * <p>Loaded when the first of them is read or written: a worker that never does must not wait for
 * the library at its start.
 */
final class Typed {
    private static final JsonMapper MAPPER =
            JsonMapper.builder(Json.FACTORY)
                    // Components in the order of their declaration, and nothing but them.
                    .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                    .enable(MapperFeature.INFER_RECORD_GETTERS_FROM_COMPONENTS_ONLY)
                    // A text is no number, a number no text, and 1.5 no int.
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .withCoercionConfig(
                            LogicalType.Textual,
                            text ->
                                    text.setCoercion(
                                                    CoercionInputShape.Integer, CoercionAction.Fail)
                                            .setCoercion(
                                                    CoercionInputShape.Float, CoercionAction.Fail)
                                            .setCoercion(
                                                    CoercionInputShape.Boolean,
                                                    CoercionAction.Fail))
                    // Names of constants, whatever toString says.
                    .disable(EnumFeature.READ_ENUMS_USING_TO_STRING)
                    .disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING)
                    .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                    // Times as they were, with their offset and zone.
                    .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                    .disable(DateTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID)
                    .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
                    // What has nothing to show would arrive as {}.
                    .enable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                    .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
                    // Of the parser's own, which is one of many values'.
                    .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(MapperFeature.REQUIRE_TYPE_ID_FOR_SUBTYPES)
                    .annotationIntrospector(new Tags())
                    .addModule(new Scalars())
                    .build();

    private Typed() {}

    static void write(Object value, JsonGenerator generator) {
        MAPPER.writeValue(generator, value);
    }

    /**
     * Reads the text as the type.
     *
     * @param name of the member that is meant, in an object; or null: the whole text
     */
    static Object read(byte[] text, String name, Type type) {
        try {
            return Json.parse(
                    text,
                    0,
                    text.length,
                    parser -> {
                        if (name != null) {
                            skipTo(name, parser);
                        }
                        return MAPPER.readValue(parser, MAPPER.constructType(type));
                    });
        } catch (JacksonException | IllegalArgumentException | StackOverflowError e) {
            throw new IllegalArgumentException(
                    "cannot read the message as " + type.getTypeName() + ": " + Reason.ofReading(e),
                    e);
        }
    }

    /** The last of this name counts, as for whoever read the value; frames have but one. */
    private static void skipTo(String name, JsonParser parser) {
        parser.nextToken();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean found = parser.currentName().equals(name);
            parser.nextToken();
            if (found) {
                return;
            }
            parser.skipChildren();
        }
    }
}
