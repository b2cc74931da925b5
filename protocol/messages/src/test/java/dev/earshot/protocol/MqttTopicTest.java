package dev.earshot.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.MqttTopic.Channel;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MqttTopicTest {
  @Test
  void ourTopics_areReadBack() {
    for (Channel channel : Channel.values()) {
      MqttTopic topic = new MqttTopic(new DeviceId("home", "kitchen-1"), channel);
      assertEquals(Optional.of(topic), MqttTopic.parse(topic.toString()));
    }
  }

  @Test
  void anythingElse_isNone() {
    for (String topic :
        List.of(
            "",
            "earshot/v1/home/kitchen-1",
            "earshot/v1/home/kitchen-1/heartbeat/x",
            "earshot/v2/home/kitchen-1/heartbeat",
            "earshot/v1/home/+/heartbeat",
            "earshot/v1/home/#",
            "earshot/v1//kitchen-1/heartbeat",
            "earshot/v1/home/kitchen 1/heartbeat")) {
      assertTrue(MqttTopic.parse(topic).isEmpty(), topic);
    }
  }
}
