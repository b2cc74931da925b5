package dev.earshot.simulator.report;

import dev.earshot.simulator.verify.Verification;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * The report as the XML that JUnit's Ant task began and that continuous integration reads: one
 * suite for the scenario, one test case for each expectation and each figure that was compared.
 */
public final class JunitReport {
  private static final double MILLIS_PER_SECOND = 1000;

  private JunitReport() {}

  private record Case(String className, String name, Optional<String> failure) {}

  /**
   * The document.
   *
   * @param took machine time of the run
   */
  public static String write(RunReport report, Duration took) {
    List<Case> cases = cases(report);
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeCharacters("\n");
      xml.writeStartElement("testsuites");
      totals(xml, cases, took);
      xml.writeCharacters("\n  ");
      xml.writeStartElement("testsuite");
      attribute(xml, "name", report.scenario().name());
      totals(xml, cases, took);
      attribute(xml, "errors", "0");
      attribute(xml, "skipped", "0");
      properties(xml, report);
      for (Case one : cases) {
        write(xml, one);
      }
      xml.writeCharacters("\n  ");
      xml.writeEndElement();
      xml.writeCharacters("\n");
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("XML can be written to memory", e);
    }
    return text + "\n";
  }

  private static List<Case> cases(RunReport report) {
    List<Case> cases = new ArrayList<>();
    String name = report.scenario().name();
    for (Checked one : report.expectations()) {
      cases.add(
          new Case(
              name + ".expect",
              one.expectation().text(),
              one.holds() ? Optional.empty() : Optional.of(one.found())));
    }
    report.verification().ifPresent(compared -> compare(cases, name + ".verify", compared));
    return cases;
  }

  private static void compare(List<Case> cases, String className, Verification compared) {
    for (Verification.Line line : compared.lines()) {
      cases.add(
          new Case(
              className,
              line.figure() + " of " + line.release() + " in " + line.environment(),
              line.problem().isEmpty() ? Optional.empty() : Optional.of(line.problem())));
    }
    compared.remarks().forEach(remark -> cases.add(new Case(className, "evidence", Optional.of(remark))));
  }

  private static void totals(XMLStreamWriter xml, List<Case> cases, Duration took)
      throws XMLStreamException {
    attribute(xml, "tests", Integer.toString(cases.size()));
    attribute(
        xml,
        "failures",
        Long.toString(cases.stream().filter(one -> one.failure().isPresent()).count()));
    attribute(
        xml, "time", String.format(Locale.ROOT, "%.3f", took.toMillis() / MILLIS_PER_SECOND));
  }

  private static void properties(XMLStreamWriter xml, RunReport report) throws XMLStreamException {
    xml.writeCharacters("\n    ");
    xml.writeStartElement("properties");
    property(xml, "seed", Long.toString(report.scenario().seed()));
    property(xml, "mode", report.virtual() ? "virtual" : "real");
    if (report.hash().isPresent()) {
      property(xml, "event_log_sha256", report.hash().get());
    }
    xml.writeCharacters("\n    ");
    xml.writeEndElement();
  }

  private static void property(XMLStreamWriter xml, String name, String value)
      throws XMLStreamException {
    xml.writeCharacters("\n      ");
    xml.writeEmptyElement("property");
    attribute(xml, "name", name);
    attribute(xml, "value", value);
  }

  private static void write(XMLStreamWriter xml, Case one) throws XMLStreamException {
    xml.writeCharacters("\n    ");
    xml.writeStartElement("testcase");
    attribute(xml, "classname", one.className());
    attribute(xml, "name", one.name());
    attribute(xml, "time", "0");
    if (one.failure().isPresent()) {
      xml.writeStartElement("failure");
      attribute(xml, "message", one.failure().get());
      attribute(xml, "type", "expectation");
      xml.writeCharacters(printable(one.failure().get()));
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  private static void attribute(XMLStreamWriter xml, String name, String value)
      throws XMLStreamException {
    xml.writeAttribute(name, printable(value));
  }

  /** XML has no way to write control characters. */
  private static String printable(String text) {
    StringBuilder kept = new StringBuilder();
    text.codePoints()
        .map(c -> c < ' ' && c != '\n' && c != '\t' || c == 0xFFFE || c == 0xFFFF ? ' ' : c)
        .forEach(kept::appendCodePoint);
    return kept.toString();
  }
}
