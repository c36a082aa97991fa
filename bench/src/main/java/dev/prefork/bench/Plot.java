package dev.prefork.bench;

import java.io.StringWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * An SVG picture with a panel for each benchmark: what is judged, from 0 upwards, the oldest day on
 * the left; a dot at the median, a line from the smallest to the largest, a dashed line at the
 * target.
 */
record Plot(List<History> histories) {
    private static final int COLUMNS = 3;
    private static final int PANEL_WIDTH = 260;
    private static final int PANEL_HEIGHT = 150;
    private static final int LEFT = 40;
    private static final int TOP = 30;
    private static final int WIDTH = 200;
    private static final int HEIGHT = 100;
    private static final double HEADROOM = 1.15;

    private static final String STYLE =
            """
            rect { fill: white }
            text { font: 11px sans-serif; fill: #333 }
            .name { font-weight: bold }
            line { stroke: #888 }
            .target { stroke: #c33; stroke-dasharray: 4 3 }
            .range { stroke: #357; stroke-width: 2 }
            circle { fill: #357 }
            """;

    String svg() {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            xml.writeStartElement("svg");
            xml.writeDefaultNamespace("http://www.w3.org/2000/svg");
            int rows = (histories.size() + COLUMNS - 1) / COLUMNS;
            attributes(xml, "width", COLUMNS * PANEL_WIDTH, "height", rows * PANEL_HEIGHT);
            element(xml, "style", "\n" + STYLE);
            empty(xml, "rect", "width", COLUMNS * PANEL_WIDTH, "height", rows * PANEL_HEIGHT);
            for (int i = 0; i < histories.size(); i++) {
                panel(xml, i % COLUMNS * PANEL_WIDTH, i / COLUMNS * PANEL_HEIGHT, histories.get(i));
            }
            xml.writeCharacters("\n");
            xml.writeEndElement();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a text can always be written", e);
        }
        return text + "\n";
    }

    private static void panel(XMLStreamWriter xml, int x, int y, History history)
            throws XMLStreamException {
        Row newest = history.days().getFirst().row();
        double top = HEADROOM * Math.max(newest.hasTarget() ? newest.target() : 0, max(history));
        int base = y + TOP + HEIGHT;
        boolean hasUnit = newest.judgesOurs() && !newest.unit().isEmpty();
        String judged = newest.judged() + (hasUnit ? ", " + newest.unit() : "");
        element(
                xml,
                "text",
                history.benchmark().title(),
                "class",
                "name",
                "x",
                x + LEFT,
                "y",
                y + 15);
        element(xml, "text", judged, "text-anchor", "end", "x", x + LEFT + WIDTH, "y", y + 15);
        empty(xml, "line", "x1", x + LEFT, "y1", base, "x2", x + LEFT + WIDTH, "y2", base);
        element(xml, "text", "0", "text-anchor", "end", "x", x + LEFT - 4, "y", base + 4);
        if (newest.hasTarget()) {
            double height = base - newest.target() / top * HEIGHT;
            empty(
                    xml,
                    "line",
                    "class",
                    "target",
                    "x1",
                    x + LEFT,
                    "y1",
                    height,
                    "x2",
                    x + LEFT + WIDTH,
                    "y2",
                    height);
            element(
                    xml,
                    "text",
                    Figure.of(newest.target()),
                    "text-anchor",
                    "end",
                    "x",
                    x + LEFT - 4,
                    "y",
                    height + 4);
        }
        int days = history.days().size();
        for (int day = 0; day < days; day++) {
            Row row = history.days().get(days - 1 - day).row();
            double middle = x + LEFT + (day + 0.5) * WIDTH / days;
            empty(
                    xml,
                    "line",
                    "class",
                    "range",
                    "x1",
                    middle,
                    "y1",
                    base - row.min() / top * HEIGHT,
                    "x2",
                    middle,
                    "y2",
                    base - row.max() / top * HEIGHT);
            empty(xml, "circle", "cx", middle, "cy", base - row.median() / top * HEIGHT, "r", 4);
            if (day == days - 1) {
                element(
                        xml,
                        "text",
                        Figure.of(row.median()),
                        "x",
                        middle + 7,
                        "y",
                        base - row.median() / top * HEIGHT + 4);
            }
        }
    }

    private static double max(History history) {
        return history.days().stream()
                .map(History.Day::row)
                .max(Comparator.comparingDouble(Row::max))
                .orElseThrow()
                .max();
    }

    private static void element(XMLStreamWriter xml, String name, String text, Object... attributes)
            throws XMLStreamException {
        xml.writeCharacters("\n");
        xml.writeStartElement(name);
        attributes(xml, attributes);
        xml.writeCharacters(text);
        xml.writeEndElement();
    }

    private static void empty(XMLStreamWriter xml, String name, Object... attributes)
            throws XMLStreamException {
        xml.writeCharacters("\n");
        xml.writeEmptyElement(name);
        attributes(xml, attributes);
    }

    /** Names and values by turns. */
    private static void attributes(XMLStreamWriter xml, Object... attributes)
            throws XMLStreamException {
        for (int i = 0; i < attributes.length; i += 2) {
            Object value = attributes[i + 1];
            xml.writeAttribute(
                    attributes[i].toString(),
                    value instanceof Double number
                            ? String.format(Locale.ROOT, "%.1f", number)
                            : value.toString());
        }
    }
}
