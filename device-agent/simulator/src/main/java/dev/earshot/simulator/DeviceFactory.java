package dev.earshot.simulator;

import dev.earshot.agent.FactoryImage;
import dev.earshot.agent.update.Content;
import dev.earshot.agent.update.DeviceRecord;
import dev.earshot.agent.update.RecordCodec;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.simulator.device.FleetServices;
import dev.earshot.simulator.device.SimulatedDevice;
import dev.earshot.simulator.device.SimulatedDevice.Surroundings;
import dev.earshot.simulator.flash.FlashJournal;
import dev.earshot.simulator.flash.FlashStore;
import dev.earshot.simulator.flash.ImagePool;
import dev.earshot.simulator.flash.SimulatedFlash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Makes devices, or finds those that were made before, and learns what they run. */
final class DeviceFactory {
  private static final long REGISTRY_PATIENCE_SECONDS = 20;

  private final FleetServices services;
  private final ImagePool pool;
  private final FactoryImage image;
  private final DeviceMaker maker;

  private DeviceFactory(
      DeviceMaker maker, FleetServices services, ImagePool pool, FactoryImage image) {
    this.services = services;
    this.maker = maker;
    this.pool = pool;
    this.image = image;
  }

  /** Gets the factory's release from the registry; waits for it. */
  static DeviceFactory open(SimulatorConfig config, FleetServices services, ImagePool pool)
      throws IOException {
    DeviceMaker maker = new DeviceMaker(config.scenario(), services, config.scenes());
    ReleaseRef release = config.scenario().factoryRelease();
    FactoryImage image =
        await(services.catalogue().factoryImage(release), "factory release " + release);
    await(services.catalogue().learn(release), "evaluation of " + release);
    return new DeviceFactory(maker, services, pool, image);
  }

  /** Those devices' flash: with the factory's image on it, or what it held before. */
  List<SimulatedFlash> flashes(int[] indices, Optional<FlashJournal> journal) throws IOException {
    List<SimulatedFlash> flashes = new ArrayList<>();
    Set<ReleaseRef> found = new HashSet<>();
    for (int index : indices) {
      SimulatedFlash flash =
          journal.isPresent()
              ? journal.get().flash(index)
              : new SimulatedFlash(index, pool, FlashStore.VOLATILE);
      Optional<byte[]> record = flash.readRecord();
      if (record.isEmpty()) {
        var _ = image.installOn(flash);
      } else {
        DeviceRecord known = RecordCodec.decode(record.get());
        Optional.ofNullable(known.slotA()).map(Content::release).ifPresent(found::add);
        Optional.ofNullable(known.slotB()).map(Content::release).ifPresent(found::add);
      }
      flashes.add(flash);
    }
    for (ReleaseRef release : found) {
      await(services.catalogue().learn(release), "evaluation of " + release);
    }
    return flashes;
  }

  /** The device with that number and flash, switched off. */
  SimulatedDevice device(int index, SimulatedFlash flash, Surroundings surroundings)
      throws IOException {
    int generation = RecordCodec.decode(flash.readRecord().orElseThrow()).bootId();
    return maker.device(index, flash, surroundings, generation);
  }

  private static <T> T await(CompletionStage<T> stage, String what) throws IOException {
    try {
      return stage.toCompletableFuture().get(REGISTRY_PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(what + ": " + cause.getMessage(), cause);
    } catch (TimeoutException e) {
      throw new IOException(
          what + ": no answer from the registry within " + REGISTRY_PATIENCE_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(what + ": interrupted", e);
    }
  }
}
