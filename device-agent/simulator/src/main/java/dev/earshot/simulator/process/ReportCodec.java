package dev.earshot.simulator.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.earshot.simulator.FleetReport;
import dev.earshot.simulator.FleetStats;
import dev.earshot.simulator.ProcessUse;
import dev.earshot.simulator.measure.Measurements;
import dev.earshot.simulator.measure.Operation;
import dev.earshot.simulator.truth.Counts;
import dev.earshot.simulator.truth.Fates;
import dev.earshot.simulator.truth.HeartbeatFates;
import dev.earshot.simulator.truth.Truth;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * Reports as one line of JSON between processes of the same program; histograms in HdrHistogram's
 * compressed encoding, Base64. Nothing is rounded.
 */
final class ReportCodec {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ReportCodec() {}

  private record Entry(Truth.Key key, Counts counts) {}

  private record Line(
      FleetStats stats,
      List<Entry> happened,
      List<Entry> acknowledged,
      Fates fates,
      HeartbeatFates heartbeats,
      Map<Operation, String> times,
      Map<String, Long> errors,
      ProcessUse use) {}

  static String write(FleetReport report) {
    Map<Operation, String> times = new EnumMap<>(Operation.class);
    report.measurements().times().forEach((operation, time) -> times.put(operation, encode(time)));
    try {
      return JSON.writeValueAsString(
          new Line(
              report.stats(),
              entries(report.truth().happened()),
              entries(report.truth().acknowledged()),
              report.fates(),
              report.heartbeats(),
              times,
              report.measurements().errors(),
              report.use()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report is made of records and numbers", e);
    }
  }

  /**
   * @throws IllegalArgumentException when it is not what {@link #write} gave
   */
  static FleetReport read(String text) {
    try {
      Line line = JSON.readValue(text, Line.class);
      Map<Operation, Histogram> times = new EnumMap<>(Operation.class);
      for (Map.Entry<Operation, String> each : line.times().entrySet()) {
        times.put(each.getKey(), decode(each.getValue()));
      }
      return new FleetReport(
          line.stats(),
          new Truth(map(line.happened()), map(line.acknowledged())),
          line.fates(),
          line.heartbeats(),
          new Measurements(times, line.errors()),
          line.use());
    } catch (JsonProcessingException | DataFormatException e) {
      throw new IllegalArgumentException("report of a worker: " + e.getMessage(), e);
    }
  }

  private static List<Entry> entries(Map<Truth.Key, Counts> counts) {
    return counts.entrySet().stream()
        .map(each -> new Entry(each.getKey(), each.getValue()))
        .toList();
  }

  private static Map<Truth.Key, Counts> map(List<Entry> entries) {
    Map<Truth.Key, Counts> counts = new HashMap<>();
    entries.forEach(each -> counts.put(each.key(), each.counts()));
    return counts;
  }

  private static String encode(Histogram time) {
    ByteBuffer buffer = ByteBuffer.allocate(time.getNeededByteBufferCapacity());
    int length = time.encodeIntoCompressedByteBuffer(buffer);
    return Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(buffer.array(), length));
  }

  private static Histogram decode(String text) throws DataFormatException {
    return Histogram.decodeFromCompressedByteBuffer(
        ByteBuffer.wrap(Base64.getDecoder().decode(text)), 0);
  }
}
