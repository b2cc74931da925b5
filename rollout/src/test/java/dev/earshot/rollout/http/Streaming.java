package dev.earshot.rollout.http;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** A client of server-sent events that takes as many as it is asked to. */
final class Streaming implements AutoCloseable {
  private final HttpClient http;
  private final HttpResponse<Stream<String>> response;
  private final Iterator<String> lines;

  /** One event. */
  record Event(String kind, String id, String data) {}

  private Streaming(HttpClient http, HttpResponse<Stream<String>> response) {
    this.http = http;
    this.response = response;
    this.lines = response.body().iterator();
  }

  static Streaming open(HttpRequest request) {
    HttpClient http = HttpClient.newHttpClient();
    try {
      return new Streaming(http, http.send(request, BodyHandlers.ofLines()));
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  int status() {
    return response.statusCode();
  }

  /** The next events that are no progress. */
  List<Event> decisions(int count) {
    List<Event> decisions = new ArrayList<>();
    while (decisions.size() < count) {
      Event event = next();
      if (!event.kind().equals("progress")) {
        decisions.add(event);
      }
    }
    return decisions;
  }

  Event next() {
    String kind = "";
    String id = "";
    while (lines.hasNext()) {
      String line = lines.next();
      if (line.startsWith("event: ")) {
        kind = line.substring("event: ".length());
      } else if (line.startsWith("id: ")) {
        id = line.substring("id: ".length());
      } else if (line.startsWith("data: ")) {
        return new Event(kind, id, line.substring("data: ".length()));
      }
    }
    throw new AssertionError("the stream has ended");
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
