package dev.prefork.json;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;

import java.lang.reflect.InaccessibleObjectException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Why a value could not be written or read, in words: where it is, and what was expected there.
 * Never the value itself, which may be a secret, and long.
 */
final class Reason {
    /** What others say, such as a record's own constructor, is cut off there. */
    private static final int MOST_CHARACTERS = 80;

    private static final List<Class<?>> COLLECTIONS =
            List.of(List.class, Set.class, Map.class, Queue.class);

    private Reason() {}

    static String ofWriting(Throwable e) {
        Throwable root = root(e);
        boolean endless =
                root instanceof StackOverflowError || root instanceof StreamConstraintsException;
        if (endless) {
            return "it contains itself, or is nested too deeply";
        }
        return at(e)
                + (root instanceof InvalidDefinitionException nothing && nothing.getType() != null
                        ? OwnTypes.isNoBean(nothing.getType().getRawClass())
                        : sentence(root));
    }

    static String ofReading(Throwable e) {
        return root(e) instanceof StackOverflowError
                ? "it is nested too deeply"
                : at(e) + sentence(e);
    }

    private static Throwable root(Throwable e) {
        return e.getCause() == null ? e : root(e.getCause());
    }

    /** Where, as in {@code $.items[3].price: }, if it is not the value as a whole. */
    private static String at(Throwable e) {
        if (!(e instanceof JacksonException located) || located.getPath().isEmpty()) {
            return "";
        }
        return located.getPath().stream()
                .map(
                        step ->
                                step.getPropertyName() == null
                                        ? "[" + step.getIndex() + "]"
                                        : "." + cut(step.getPropertyName()))
                .collect(Collectors.joining("", "$", ": "));
    }

    private static String sentence(Throwable e) {
        return switch (e) {
            case Refusal ours -> ours.getOriginalMessage();
            case InvalidTypeIdException tag -> wrongTag(tag);
            case ValueInstantiationException refused -> cut(firstLine(root(refused)));
            case InvalidDefinitionException type -> impossible(type);
            case MismatchedInputException misfit -> misfit(misfit);
            case InputCoercionException number ->
                    "a number is beyond " + number.getTargetType().getSimpleName();
            default -> cut(firstLine(e));
        };
    }

    private static String wrongTag(InvalidTypeIdException e) {
        Class<?> family = e.getBaseType().getRawClass();
        String tag =
                e.getTypeId() == null
                        ? "no \"" + Tags.NAME + "\""
                        : "the \"" + Tags.NAME + "\" \"" + cut(e.getTypeId()) + "\"";
        return "an object with "
                + tag
                + " is no "
                + family.getSimpleName()
                + ", which is one of "
                + Tags.members(family).map(Class::getSimpleName).collect(Collectors.joining(", "));
    }

    /** The type itself is none that can be read. */
    private static String impossible(InvalidDefinitionException e) {
        Class<?> type = e.getType() == null ? Object.class : e.getType().getRawClass();
        if (root(e) instanceof InaccessibleObjectException) {
            return closed(type);
        }
        return type.isInterface()
                ? "an interface, "
                        + type.getName()
                        + ", can be read if it is sealed: then a \""
                        + Tags.NAME
                        + "\" says which record it is"
                : "a "
                        + type.getName()
                        + " cannot be made: it is no record, and has no constructor without"
                        + " parameters";
    }

    private static String closed(Class<?> type) {
        return "module "
                + type.getModule().getName()
                + " does not open "
                + type.getPackageName()
                + ": add `opens "
                + type.getPackageName()
                + reader()
                + ";` to its module-info";
    }

    private static String reader() {
        String name = Reason.class.getModule().getName();
        return name == null ? "" : " to " + name;
    }

    private static String misfit(MismatchedInputException e) {
        Class<?> type = e.getTargetType();
        if (type == null) {
            return "it is of another type";
        }
        if (e.getCurrentToken() == JsonToken.VALUE_STRING && type.isEnum()) {
            return "the text is none of "
                    + cut(
                            Arrays.stream(type.getEnumConstants())
                                    .map(constant -> ((Enum<?>) constant).name())
                                    .collect(Collectors.joining(", ")));
        }
        boolean isElement =
                type.isArray() && !e.getPath().isEmpty() && e.getPath().getLast().getIndex() >= 0;
        return word(e.getCurrentToken())
                + " is no "
                + name(isElement ? type.getComponentType() : type);
    }

    /** Not the collection that would have been made, of those that were allowed. */
    private static String name(Class<?> type) {
        if (OwnTypes.isOfTheJdk(type)) {
            for (Class<?> known : COLLECTIONS) {
                if (known.isAssignableFrom(type)) {
                    return known.getSimpleName();
                }
            }
        }
        return type.getSimpleName();
    }

    private static String word(JsonToken token) {
        return switch (token) {
            case null -> "what is there";
            case START_OBJECT, PROPERTY_NAME, END_OBJECT -> "an object";
            case START_ARRAY, END_ARRAY -> "an array";
            case VALUE_STRING -> "a text";
            case VALUE_NUMBER_INT -> "a whole number";
            case VALUE_NUMBER_FLOAT -> "a fraction";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            default -> "what is there";
        };
    }

    /** An exception without a message has a name at least. */
    private static String firstLine(Throwable e) {
        String message =
                e instanceof JacksonException ours ? ours.getOriginalMessage() : e.getMessage();
        return firstLine(Optional.ofNullable(message).orElseGet(e::toString));
    }

    static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    private static String cut(String text) {
        return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "…";
    }
}
