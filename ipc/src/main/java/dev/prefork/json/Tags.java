package dev.prefork.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import tools.jackson.databind.JavaType;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.jsontype.NamedType;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What types say without annotations. A member of a sealed family is written with a tag, which is
 * the simple name of its class; and what is Optional twice is left out when it is missing, so that
 * it is told from null.
 */
final class Tags extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    /** No component can be called so. */
    static final String NAME = "@type";

    @Override
    public JsonTypeInfo.Value findPolymorphicTypeInfo(MapperConfig<?> config, Annotated annotated) {
        return annotated instanceof AnnotatedClass type && isOfAFamily(type.getRawType())
                ? JsonTypeInfo.Value.construct(
                        JsonTypeInfo.Id.SIMPLE_NAME,
                        JsonTypeInfo.As.PROPERTY,
                        NAME,
                        null,
                        false,
                        false,
                        null)
                : super.findPolymorphicTypeInfo(config, annotated);
    }

    private static boolean isOfAFamily(Class<?> type) {
        return isHeadOfAFamily(type)
                || (type.getSuperclass() != null && isOfAFamily(type.getSuperclass()))
                || Stream.of(type.getInterfaces()).anyMatch(Tags::isOfAFamily);
    }

    /** An enum whose constants have bodies is sealed as well. */
    private static boolean isHeadOfAFamily(Class<?> type) {
        return type.isSealed() && !type.isEnum() && !OwnTypes.isOfTheJdk(type);
    }

    @Override
    public List<NamedType> findSubtypes(MapperConfig<?> config, Annotated annotated) {
        if (annotated instanceof AnnotatedClass type && isHeadOfAFamily(type.getRawType())) {
            Set<String> names = new HashSet<>();
            members(type.getRawType()).forEach(member -> addOnce(member, names));
        }
        return super.findSubtypes(config, annotated);
    }

    private static void addOnce(Class<?> member, Set<String> names) {
        if (!names.add(member.getSimpleName())) {
            throw new Refusal(
                    "two types of one sealed family are called " + member.getSimpleName());
        }
    }

    /** Those that a value of the family can be. */
    static Stream<Class<?>> members(Class<?> family) {
        return isHeadOfAFamily(family)
                ? Stream.of(family.getPermittedSubclasses()).flatMap(Tags::members).distinct()
                : Stream.of(family);
    }

    @Override
    public JsonInclude.Value findPropertyInclusion(MapperConfig<?> config, Annotated annotated) {
        return isOptionalTwice(annotated.getType())
                ? JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, null)
                : super.findPropertyInclusion(config, annotated);
    }

    /** Missing, or null, or a value. */
    static boolean isOptionalTwice(JavaType type) {
        return type != null
                && type.hasRawClass(Optional.class)
                && type.containedTypeOrUnknown(0).hasRawClass(Optional.class);
    }
}
