package dev.prefork.json;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.util.JsonGeneratorDelegate;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Numbers as they arrive. JSON has no NaN and no Infinity; JSON.stringify writes null, and so do
 * we. What would arrive as Infinity is refused.
 */
final class NodeNumbers extends JsonGeneratorDelegate {
    NodeNumbers(JsonGenerator generator) {
        super(generator);
    }

    @Override
    public JsonGenerator writeNumber(double number) {
        return Double.isFinite(number) ? super.writeNumber(number) : writeNull();
    }

    @Override
    public JsonGenerator writeArray(double[] numbers, int offset, int length) {
        writeStartArray();
        for (int i = offset; i < offset + length; i++) {
            writeNumber(numbers[i]);
        }
        return writeEndArray();
    }

    @Override
    public JsonGenerator writeNumber(float number) {
        return Float.isFinite(number) ? super.writeNumber(number) : writeNull();
    }

    @Override
    public JsonGenerator writeNumber(BigInteger number) {
        check(number == null || Double.isFinite(number.doubleValue()));
        return super.writeNumber(number);
    }

    @Override
    public JsonGenerator writeNumber(BigDecimal number) {
        check(number == null || Double.isFinite(number.doubleValue()));
        return super.writeNumber(number);
    }

    private static void check(boolean arrives) {
        if (!arrives) {
            throw new IllegalArgumentException(
                    "a number beyond 1.8e308 arrives as Infinity: send it as a text");
        }
    }
}
