import java.io.*;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.*;
import org.apache.kafka.common.utils.Utils;

/**
 * Kafka's own Java client, for the tests:
 *
 *     produce BROKERS NAME=VALUE...
 *         sends each line `topic key value headers`, tabs between; each field in hexadecimal
 *         digits, `-` for null; headers are `name=value`, each so, commas between.
 *         Prints the partition of each.
 *     consume BROKERS TOPIC NAME=VALUE...
 *         prints `partition offset value` of every record there is; with the setting `chain` it
 *         checks the hashes of decisions.
 *     murmur2
 *         prints the hash of each line, a key in hexadecimal digits.
 */
public class Client {
    static final PrintStream out = new PrintStream(
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16), false,
        StandardCharsets.UTF_8);

    public static void main(String[] words) throws Exception {
        switch (words[0]) {
            case "produce" -> produce(settings(words, 2));
            case "consume" -> consume(words[2], settings(words, 3));
            default -> {
                for (String line : lines()) out.println(Utils.murmur2(bytes(line)));
            }
        }
        out.flush();
    }

    static Map<String, Object> settings(String[] words, int first) {
        Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", words[1]));
        for (String word : List.of(words).subList(first, words.length)) {
            int at = word.indexOf('=');
            settings.put(word.substring(0, at), word.substring(at + 1));
        }
        return settings;
    }

    static List<String> lines() {
        return new BufferedReader(new InputStreamReader(System.in)).lines().toList();
    }

    static byte[] bytes(String field) {
        return field.equals("-") ? null : HexFormat.of().parseHex(field);
    }

    static void produce(Map<String, Object> settings) throws Exception {
        List<Future<RecordMetadata>> receipts = new ArrayList<>();
        try (var producer = new KafkaProducer<>(
                settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (String line : lines()) {
                String[] fields = line.split("\t");
                var record = new ProducerRecord<>(
                    new String(bytes(fields[0])), bytes(fields[1]), bytes(fields[2]));
                if (!fields[3].equals("-")) {
                    for (String header : fields[3].split(",")) {
                        String[] parts = header.split("=");
                        record.headers().add(new String(bytes(parts[0])), bytes(parts[1]));
                    }
                }
                receipts.add(producer.send(record));
            }
        }
        for (var receipt : receipts) out.println(receipt.get().partition());
    }

    static void consume(String topic, Map<String, Object> settings) throws Exception {
        boolean isChained = settings.remove("chain") != null;
        Map<Integer, String> hashes = new HashMap<>();
        try (var consumer = new KafkaConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var places = consumer.partitionsFor(topic).stream()
                .map(found -> new TopicPartition(topic, found.partition())).toList();
            var ends = consumer.endOffsets(places);
            consumer.assign(places);
            consumer.seekToBeginning(places);
            while (places.stream().anyMatch(place -> consumer.position(place) < ends.get(place))) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    String value = new String(record.value(), StandardCharsets.UTF_8);
                    if (isChained) check(value, record.partition(), hashes);
                    out.println(record.partition() + "\t" + record.offset() + "\t" + value);
                }
            }
        }
    }

    /** A decision's hash is that of the one before, in hex, and its own bytes before the epoch. */
    static void check(String value, int partition, Map<Integer, String> hashes) throws Exception {
        String before = hashes.containsKey(partition)
            ? hashes.get(partition) : sha256("fairfill/1 decisions " + partition);
        boolean isControl = value.startsWith("{\"type\":\"epochStarted\"");
        String expected = isControl
            ? before : sha256(before + value.substring(0, value.lastIndexOf(",\"epoch\":")));
        if (!value.endsWith("\"hash\":\"" + expected + "\"}"))
            throw new IllegalStateException("the chain breaks at " + value);
        hashes.put(partition, expected);
    }

    static String sha256(String text) throws Exception {
        return HexFormat.of().formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
