package dev.earshot.cli.bench.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class ParetoPlotTest {
  @TempDir private Path folder;

  private static Dot dot(String series, String name, double quality, double... costs) {
    List<Dot.Cost> each = new ArrayList<>();
    for (double cost : costs) {
      each.add(new Dot.Cost(cost, 0.9 * cost, 1.2 * cost));
    }
    return new Dot(
        series,
        series.equals("a") ? Symbol.SQUARE : Symbol.DIAMOND,
        name,
        Double.isNaN(quality) ? OptionalDouble.empty() : OptionalDouble.of(quality),
        each);
  }

  private static ParetoPlot plot(Dot... dots) {
    return new ParetoPlot(
        "title", "subtitle", "quality, %", List.of("energy, uJ", "ms"), List.of(dots), List.of());
  }

  @Test
  void front_isWhatNothingOfTheSeriesBeats() {
    Dot cheap = dot("a", "cheap", 80, 1, 5);
    Dot beaten = dot("a", "beaten", 79, 2, 6);
    Dot equal = dot("a", "equal", 90, 3, 7);
    Dot twin = dot("a", "twin", 90, 3, 7);
    Dot other = dot("other", "another series", 99, 0.1, 0.1);
    Dot unknown = dot("a", "unknown", Double.NaN, 0.1, 0.1);
    List<Dot> all = List.of(beaten, equal, twin, cheap, other, unknown);
    assertEquals(List.of(cheap, equal, twin), Dot.front(all, "a", 0));
    assertEquals(List.of(other), Dot.front(all, "other", 0));
    assertTrue(beaten.isBeatenBy(cheap, 0));
    assertFalse(beaten.isBeatenBy(other, 0));
    assertFalse(equal.isBeatenBy(twin, 0));
  }

  @Test
  void front_isEachCostsOwn() {
    Dot one = dot("a", "one", 80, 1, 9);
    Dot two = dot("a", "two", 90, 2, 1);
    assertEquals(List.of(one, two), Dot.front(List.of(one, two), "a", 0));
    assertEquals(List.of(two), Dot.front(List.of(one, two), "a", 1));
  }

  @Test
  void svg_isXmlWithEveryNameInEachPanelAndOnceInTheLegend() throws Exception {
    Path file = folder.resolve("plot.svg");
    plot(dot("a", "x<y & z", 80, 1, 5), dot("bb", "second", Double.NaN, 2, 6)).write(file);
    Document svg = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    List<String> texts = texts(svg);
    assertEquals(2, texts.stream().filter("x<y & z"::equals).count());
    assertEquals(2, texts.stream().filter("second"::equals).count());
    assertEquals(1, texts.stream().filter("bb"::equals).count());
    assertEquals(2, texts.stream().filter("no labelled data"::equals).count());
    assertFalse(Files.readString(file).contains("NaN"));
  }

  @Test
  void everythingOfKnownQuality_needsNoStrip() throws Exception {
    Path file = folder.resolve("plot.svg");
    plot(dot("a", "one", 80, 1, 5)).write(file);
    assertFalse(Files.readString(file).contains("no labelled data"));
  }

  @Test
  void nothingOfKnownQuality_isDrawnToo() throws Exception {
    Path file = folder.resolve("plot.svg");
    plot(dot("a", "one", Double.NaN, 1, 5)).write(file);
    assertTrue(Files.readString(file).contains("one"));
  }

  @Test
  void png_isAPictureWithTheSeriesColours() throws IOException {
    Path file = folder.resolve("plot.PNG");
    plot(dot("a", "one", 80, 1, 5)).write(file);
    BufferedImage picture = ImageIO.read(file.toFile());
    assertEquals(2480, picture.getWidth());
    int wanted = Symbol.SQUARE.color().getRGB();
    long pixels = 0;
    for (int x = 0; x < picture.getWidth(); x++) {
      for (int y = 0; y < picture.getHeight(); y++) {
        pixels += picture.getRGB(x, y) == wanted ? 1 : 0;
      }
    }
    // Two symbols and one in the legend, of some 500 pixels each.
    assertTrue(pixels > 1000 && pixels < 3000, "pixels: " + pixels);
  }

  @Test
  void otherFiles_areNotPossible() {
    assertTrue(ParetoPlot.isPossible(Path.of("a.svg")));
    assertFalse(ParetoPlot.isPossible(Path.of("a.pdf")));
  }

  @Test
  void labelsOfDotsInOnePlace_doNotCoverEachOther() {
    Boxes boxes = new Boxes();
    Canvas.Font font = new Canvas.Font(11, false, Color.BLACK);
    Labels labels = new Labels(boxes, new Rectangle2D.Double(0, 0, 400, 200), font);
    labels.keepClear(new Rectangle2D.Double(194, 94, 12, 12));
    for (int i = 0; i < 12; i++) {
      labels.write("model number " + i, 200, 100);
    }
    assertEquals(12, boxes.texts.size());
    for (int i = 0; i < boxes.texts.size(); i++) {
      for (int j = 0; j < i; j++) {
        assertFalse(boxes.texts.get(i).intersects(boxes.texts.get(j)), i + " covers " + j);
      }
    }
  }

  @Test
  void axis_putsRatiosInEqualSteps() {
    Axis axis = new Axis(1, 100, true);
    assertEquals(0.5, axis.position(10), 1e-12);
    assertEquals(List.of(1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0), axis.ticks());
    assertEquals("0.02", Axis.name(0.02));
    assertEquals("1,000", Axis.name(1000));
  }

  private static List<String> texts(Document svg) {
    NodeList nodes = svg.getElementsByTagName("text");
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent());
    }
    return texts;
  }

  /** Keeps where texts are. */
  private static final class Boxes implements Canvas {
    final List<Rectangle2D> texts = new ArrayList<>();

    @Override
    public void fill(Shape shape, Color color) {}

    @Override
    public void stroke(Shape shape, Color color, double width, boolean dashed) {}

    @Override
    public void text(String text, double x, double y, Anchor anchor, Font font) {
      double width = font.width(text);
      double left = anchor == Anchor.START ? x : x - width;
      texts.add(new Rectangle2D.Double(left, y - font.size() * 0.8, width, font.size() * 0.8));
    }

    @Override
    public void upwards(String text, double x, double y, Font font) {}
  }
}
