package dev.earshot.monitoring.stream;

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
import org.rocksdb.WriteBufferManager;

/**
 * One bound for what RocksDB takes outside the heap, for all stores of the process together and
 * however many devices there are: blocks, indexes and filters of what is on disk share a cache, and
 * what was not written yet is charged to it.
 */
public final class RocksDbMemory implements RocksDBConfigSetter {
  /** Everything together, bytes. */
  static final long TOTAL_BYTES = 128L << 20;

  private static final long UNWRITTEN_BYTES = 64L << 20;
  private static final long ONE_STORE_UNWRITTEN_BYTES = 8L << 20;
  private static final double INDEXES_AND_FILTERS = 0.3;
  private static final int FILTER_BITS_PER_KEY = 10;

  static {
    RocksDB.loadLibrary();
  }

  private static final Cache CACHE = new LRUCache(TOTAL_BYTES, -1, false, INDEXES_AND_FILTERS);
  private static final WriteBufferManager UNWRITTEN =
      new WriteBufferManager(UNWRITTEN_BYTES, CACHE);
  private static final Filter FILTER = new BloomFilter(FILTER_BITS_PER_KEY);

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    if (!(options.tableFormatConfig() instanceof BlockBasedTableConfig table)) {
      throw new IllegalStateException(storeName + ": Kafka Streams made a table of another kind");
    }
    table.setBlockCache(CACHE);
    table.setCacheIndexAndFilterBlocks(true);
    table.setCacheIndexAndFilterBlocksWithHighPriority(true);
    table.setPinL0FilterAndIndexBlocksInCache(true);
    table.setFilterPolicy(FILTER);
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(UNWRITTEN);
    options.setWriteBufferSize(ONE_STORE_UNWRITTEN_BYTES);
    options.setCompressionType(CompressionType.LZ4_COMPRESSION);
  }

  @Override
  public void close(String storeName, Options options) {
    // Cache, write buffers and filter belong to all stores and live as long as the process.
  }
}
