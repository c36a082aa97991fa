package dev.prefork.json;

import com.google.gson.reflect.TypeToken;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** What is known of a type. */
final class Types {
    private Types() {}

    /** The n-th parameter of the type, or Object where it is not said. */
    static Type parameter(TypeToken<?> type, int n) {
        return type.getType() instanceof ParameterizedType parameterized
                ? plain(parameterized.getActualTypeArguments()[n], Map.of())
                : Object.class;
    }

    /** The type as it stands in a declaration of the owner, with the owner's own parameters. */
    static Type in(TypeToken<?> owner, Type declared) {
        Map<Type, Type> known = new HashMap<>();
        if (owner.getType() instanceof ParameterizedType parameterized) {
            TypeVariable<?>[] variables = owner.getRawType().getTypeParameters();
            for (int i = 0; i < variables.length; i++) {
                known.put(variables[i], parameterized.getActualTypeArguments()[i]);
            }
        }
        return plain(declared, known);
    }

    private static Type plain(Type type, Map<Type, Type> known) {
        return switch (type) {
            case TypeVariable<?> variable ->
                    known.containsKey(variable)
                            ? plain(known.get(variable), Map.of())
                            : plain(variable.getBounds()[0], known);
            case WildcardType wildcard -> plain(wildcard.getUpperBounds()[0], known);
            case GenericArrayType array ->
                    TypeToken.getArray(plain(array.getGenericComponentType(), known)).getType();
            case ParameterizedType parameterized ->
                    TypeToken.getParameterized(
                                    parameterized.getRawType(),
                                    Stream.of(parameterized.getActualTypeArguments())
                                            .map(argument -> plain(argument, known))
                                            .toArray(Type[]::new))
                            .getType();
            default -> type;
        };
    }

    static boolean isOfTheJdk(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null || loader.equals(ClassLoader.getPlatformClassLoader());
    }
}
