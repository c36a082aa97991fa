package dev.prefork.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** How a measured figure is written: three digits that mean something. */
final class Figure {
    private static final MathContext THREE_DIGITS = new MathContext(3);

    private Figure() {}

    static String of(double value) {
        if (!Double.isFinite(value)) {
            return String.valueOf(value);
        }
        BigDecimal rounded = new BigDecimal(value).round(THREE_DIGITS).stripTrailingZeros();
        return String.format(Locale.ROOT, "%,." + Math.max(rounded.scale(), 0) + "f", rounded);
    }
}
