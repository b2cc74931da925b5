package dev.earshot.rollout.stream;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.Filter;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.TableFormatConfig;
import org.rocksdb.WriteBufferManager;

/**
 * One bound for the memory that RocksDB takes outside the heap, whatever the number of partitions
 * and devices: all stores of the process share a cache, and what they have not written yet is part
 * of it. Kafka's default is 50 MiB of cache and 48 of write buffers for each store.
 */
public final class RocksDbMemory implements RocksDBConfigSetter {
  /** Blocks, indexes, filters and write buffers together, bytes. */
  private static final long TOTAL_BYTES = 128L << 20;

  /** Of these, write buffers. */
  private static final long WRITE_BUFFER_BYTES = 64L << 20;

  private static final long ONE_BUFFER_BYTES = 8L << 20;
  private static final double FOR_INDEXES_AND_FILTERS = 0.3;
  private static final int FILTER_BITS_PER_KEY = 10;

  static {
    RocksDB.loadLibrary();
  }

  private static final Cache CACHE = new LRUCache(TOTAL_BYTES, -1, false, FOR_INDEXES_AND_FILTERS);
  private static final WriteBufferManager WRITE_BUFFERS =
      new WriteBufferManager(WRITE_BUFFER_BYTES, CACHE);
  private static final Filter FILTER = new BloomFilter(FILTER_BITS_PER_KEY);

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    TableFormatConfig format = options.tableFormatConfig();
    if (!(format instanceof BlockBasedTableConfig table)) {
      throw new IllegalStateException("Kafka Streams made a table of another kind: " + format);
    }
    table.setBlockCache(CACHE);
    table.setCacheIndexAndFilterBlocks(true);
    table.setCacheIndexAndFilterBlocksWithHighPriority(true);
    table.setPinL0FilterAndIndexBlocksInCache(true);
    table.setFilterPolicy(FILTER);
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(WRITE_BUFFERS);
    options.setWriteBufferSize(ONE_BUFFER_BYTES);
    options.setCompressionType(CompressionType.LZ4_COMPRESSION);
  }

  @Override
  public void close(String storeName, Options options) {
    // Cache, write buffers and filter are every store's, and live as long as the process.
  }
}
