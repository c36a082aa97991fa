package dev.prefork.json;

import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Base64;
import java.util.Currency;
import java.util.Date;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is one text in JSON. */
final class Text<T> extends TypeAdapter<T> {
    private final Class<T> type;
    private final String reason;
    private final Function<String, T> parse;
    private final Function<T, String> print;

    private Text(
            Class<T> type, String reason, Function<String, T> parse, Function<T, String> print) {
        this.type = type;
        this.reason = reason;
        this.parse = parse;
        this.print = print;
    }

    /** Those that are asked for are made, so that a start does not pay for all. */
    static Optional<Text<?>> of(Class<?> type) {
        return Optional.ofNullable(
                switch (type.getName()) {
                    case "java.util.UUID" -> text(UUID.class, UUID::fromString, UUID::toString);
                    case "java.net.URI" -> text(URI.class, URI::create, URI::toString);
                    case "java.net.URL" -> text(URL.class, Text::url, URL::toExternalForm);
                    case "java.io.File" -> text(File.class, File::new, File::getPath);
                    case "java.util.Locale" ->
                            text(Locale.class, Locale::forLanguageTag, Locale::toLanguageTag);
                    case "java.util.Currency" ->
                            text(Currency.class, Currency::getInstance, Currency::getCurrencyCode);
                    case "java.util.regex.Pattern" ->
                            text(Pattern.class, Pattern::compile, Pattern::pattern);
                    case "[B" ->
                            text(
                                    byte[].class,
                                    Base64.getDecoder()::decode,
                                    Base64.getEncoder()::encodeToString);
                    case "[C" -> text(char[].class, String::toCharArray, String::new);
                    // ISO 8601.
                    case "java.time.Instant" ->
                            text(Instant.class, Instant::parse, Instant::toString);
                    case "java.time.LocalDate" ->
                            text(LocalDate.class, LocalDate::parse, LocalDate::toString);
                    case "java.time.LocalTime" ->
                            text(LocalTime.class, LocalTime::parse, LocalTime::toString);
                    case "java.time.LocalDateTime" ->
                            text(
                                    LocalDateTime.class,
                                    LocalDateTime::parse,
                                    LocalDateTime::toString);
                    case "java.time.OffsetDateTime" ->
                            text(
                                    OffsetDateTime.class,
                                    OffsetDateTime::parse,
                                    OffsetDateTime::toString);
                    case "java.time.OffsetTime" ->
                            text(OffsetTime.class, OffsetTime::parse, OffsetTime::toString);
                    case "java.time.ZonedDateTime" ->
                            text(
                                    ZonedDateTime.class,
                                    ZonedDateTime::parse,
                                    ZonedDateTime::toString);
                    case "java.time.Duration" ->
                            text(Duration.class, Duration::parse, Duration::toString);
                    case "java.time.Period" -> text(Period.class, Period::parse, Period::toString);
                    case "java.time.Year" -> text(Year.class, Year::parse, Year::toString);
                    case "java.time.YearMonth" ->
                            text(YearMonth.class, YearMonth::parse, YearMonth::toString);
                    case "java.time.MonthDay" ->
                            text(MonthDay.class, MonthDay::parse, MonthDay::toString);
                    case "java.time.ZoneOffset" ->
                            text(ZoneOffset.class, ZoneOffset::of, ZoneOffset::getId);
                    case "java.util.Date" ->
                            text(
                                    Date.class,
                                    text -> Date.from(Instant.parse(text)),
                                    date -> date.toInstant() + "");
                    default -> ofInterface(type);
                });
    }

    /** What objects have a class of their own that implements it. */
    private static Text<?> ofInterface(Class<?> type) {
        if (Path.class.isAssignableFrom(type)) {
            return text(Path.class, Path::of, Path::toString);
        } else if (ZoneId.class.isAssignableFrom(type)) {
            return text(ZoneId.class, ZoneId::of, ZoneId::getId);
        } else if (Charset.class.isAssignableFrom(type)) {
            return text(Charset.class, Charset::forName, Charset::name);
        }
        return null;
    }

    private static <T> Text<T> text(
            Class<T> type, Function<String, T> parse, Function<T, String> print) {
        return new Text<>(type, "a text is no " + type.getSimpleName(), parse, print);
    }

    private static URL url(String text) {
        try {
            return URI.create(text).toURL();
        } catch (IOException noSuchScheme) {
            throw new IllegalArgumentException(noSuchScheme);
        }
    }

    /** The constants by their names, whatever they say of themselves. */
    static <E extends Enum<E>> Text<E> ofEnum(Class<E> type) {
        String names =
                Stream.of(type.getEnumConstants())
                        .map(Enum::name)
                        .collect(Collectors.joining(", "));
        return new Text<>(
                type,
                "the text is none of " + Misfit.cut(names),
                name -> Enum.valueOf(type, name),
                Enum::name);
    }

    /** The value as the name of a member. */
    String print(T value) {
        return print.apply(value);
    }

    T parse(String text, JsonReader in) {
        try {
            return parse.apply(text);
        } catch (RuntimeException e) {
            throw new Misfit(in.getPreviousPath(), reason, e);
        }
    }

    @Override
    public T read(JsonReader in) throws IOException {
        if (!Misfit.isThere(in, JsonToken.STRING, type)) {
            return null;
        }
        return parse(in.nextString(), in);
    }

    @Override
    public void write(JsonWriter out, T value) throws IOException {
        out.value(value == null ? null : print.apply(value));
    }
}
