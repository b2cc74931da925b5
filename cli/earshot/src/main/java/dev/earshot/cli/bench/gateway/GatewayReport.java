package dev.earshot.cli.bench.gateway;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.earshot.cli.Terminal;
import dev.earshot.cli.UserError;
import dev.earshot.cli.bench.Section;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Shows each part when it is measured, and keeps all for a file. */
final class GatewayReport {
  private final Terminal terminal;
  private final Setup setup;
  private final List<Section> sections = new ArrayList<>();

  GatewayReport(Terminal terminal, Setup setup) {
    this.terminal = terminal;
    this.setup = setup;
  }

  /** Says what is going on. */
  void progress(String what) {
    terminal.line("    " + what);
  }

  void add(Section section) {
    sections.add(section);
    terminal.line("");
    section.lines().forEach(terminal::line);
    terminal.line("");
  }

  /** Whether a ratio is not what it should be. */
  boolean missed() {
    return sections.stream().anyMatch(Section::missed);
  }

  /** Writes it all as JSON. */
  void write(Path file) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("processors", Runtime.getRuntime().availableProcessors());
    all.put("java", System.getProperty("java.vm.version"));
    all.put("gateway_java", setup.javaOptions());
    all.put("gateway_settings", setup.gateway());
    all.put("sections", sections.stream().map(Section::figures).toList());
    try {
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), all);
    } catch (IOException e) {
      throw new UserError("--json: " + file + " can't be written: " + e.getMessage(), e);
    }
  }
}
