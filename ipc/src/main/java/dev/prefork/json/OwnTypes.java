package dev.prefork.json;

import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.ser.bean.BeanSerializerBase;

import java.util.Iterator;
import java.util.stream.BaseStream;

/**
 * No object of the JDK is a bean: unasked, the mapper calls whatever getters there are, such as
 * those of a Thread.
 */
final class OwnTypes extends ValueSerializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public ValueSerializer<?> modifySerializer(
            SerializationConfig config,
            BeanDescription.Supplier description,
            ValueSerializer<?> serializer) {
        Class<?> type = description.getBeanClass();
        boolean asABean = serializer instanceof BeanSerializerBase;
        if (isReadOnce(type) || (asABean && (type.isHidden() || isOfTheJdk(type)))) {
            throw new Refusal(isNoBean(type));
        }
        return serializer;
    }

    /** A message is written more than once when its handle did not arrive. */
    private static boolean isReadOnce(Class<?> type) {
        return Iterator.class.isAssignableFrom(type) || BaseStream.class.isAssignableFrom(type);
    }

    static String isNoBean(Class<?> type) {
        return "a " + type.getName() + " is neither a record nor a bean";
    }

    static boolean isOfTheJdk(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null || loader.equals(ClassLoader.getPlatformClassLoader());
    }
}
