package dev.prefork.ipc;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;

import java.io.IOException;
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
    public void writeNumber(double number) throws IOException {
        if (Double.isFinite(number)) {
            super.writeNumber(number);
        } else {
            writeNull();
        }
    }

    @Override
    public void writeArray(double[] numbers, int offset, int length) throws IOException {
        writeStartArray();
        for (int i = offset; i < offset + length; i++) {
            writeNumber(numbers[i]);
        }
        writeEndArray();
    }

    @Override
    public void writeNumber(float number) throws IOException {
        if (Float.isFinite(number)) {
            super.writeNumber(number);
        } else {
            writeNull();
        }
    }

    @Override
    public void writeNumber(BigInteger number) throws IOException {
        check(number == null || Double.isFinite(number.doubleValue()));
        super.writeNumber(number);
    }

    @Override
    public void writeNumber(BigDecimal number) throws IOException {
        check(number == null || Double.isFinite(number.doubleValue()));
        super.writeNumber(number);
    }

    private static void check(boolean arrives) {
        if (!arrives) {
            throw new IllegalArgumentException(
                    "a number beyond 1.8e308 arrives as Infinity: send it as a text");
        }
    }
}
