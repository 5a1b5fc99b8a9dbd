import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileReader;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.*;

/** A front end of Fairfill in Java; README.md beside it says what matters in any language. */
public class FrontEnd {
    static final String USAGE = """
        Bids for shares of an offering and prints the receipt, then the decision, as JSON lines.

        usage: java -cp "$KAFKA_LIBS/*" FrontEnd.java --brokers HOST:PORT[,...] --offering O
                   --account A --shares N [--env dev] [--all-or-none true] [--bid ID]
                   [--timeout SECONDS]
                   [--properties FILE]    of Kafka's Java client, a name=value a line: TLS, SASL

        KAFKA_LIBS is the folder of jars of any Apache Kafka.
        exit codes: 0 reserved or waiting, 1 refused, 64 usage, 69 no answer from the brokers, or
        a no, 75 not decided in time, or unknown whether it is there: run it again with the same
        --bid, which can never buy twice, 77 not permitted: the password, the certificate or the
        user's rights.
        """;
    static final ObjectMapper JSON = new ObjectMapper();

    /** Ends the program: a sentence for people, and an exit code for programs. */
    static class Stop extends RuntimeException {
        final int code;
        Stop(int code, String sentence) { super(sentence); this.code = code; }
    }

    /** Where results go. Loggers may take standard output for theirs, so they get the other. */
    static final java.io.PrintStream RESULTS = System.out;

    public static void main(String[] words) throws Exception {
        System.setOut(System.err);
        int code;
        try {
            code = run(words);
        } catch (Stop | org.apache.kafka.common.KafkaException failure) {
            Throwable cause = failure.getCause();
            System.err.println(
                "FrontEnd: " + failure.getMessage() + (cause == null ? "" : ": " + cause));
            code = failure instanceof Stop stop ? stop.code : code(failure);
        }
        System.exit(code);
    }

    /** The exit code for what the brokers, or the lack of them, had against it. */
    static int code(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause())
            if (cause instanceof AuthenticationException || cause instanceof AuthorizationException)
                return 77;
        return 69;
    }

    static int run(String[] words) throws Exception {
        if (List.of(words).contains("--help")) {
            RESULTS.print(USAGE);
            return 0;
        }
        Map<String, String> asked = new HashMap<>(Map.of("env", "dev", "timeout", "30"));
        for (int i = 0; i < words.length; i += 2) {
            if (!words[i].startsWith("--") || i + 1 == words.length) throw new Stop(64, USAGE);
            asked.put(words[i].substring(2), words[i + 1]);
        }
        // Made once, and kept with the order through every resend.
        asked.putIfAbsent("bid", "b-" + UUID.randomUUID());
        ObjectNode bid = JSON.createObjectNode().put("type", "bid");
        for (String name : List.of("bid", "offering", "account")) {
            if (!asked.getOrDefault(name, "").matches("[A-Za-z0-9._:-]{1,64}"))
                throw new Stop(64, "--" + name + ": 1 to 64 of A-Z a-z 0-9 . _ : -\n" + USAGE);
            bid.put(name, asked.get(name));
        }
        if (!asked.containsKey("brokers") || !asked.get("timeout").matches("[0-9]{1,6}")
                || !asked.getOrDefault("shares", "").matches("[0-9]{1,15}"))
            throw new Stop(
                64, "--brokers HOST:PORT and --shares N are needed, --timeout is whole\n" + USAGE);
        bid.put("shares", Long.parseLong(asked.get("shares")));
        bid.put("allOrNone", Boolean.parseBoolean(asked.get("all-or-none")));
        long deadline = System.nanoTime() + Long.parseLong(asked.get("timeout")) * 1_000_000_000L;

        Properties common = new Properties();
        // Passwords and keys come from a file, since everybody may read a command line.
        if (asked.containsKey("properties")) {
            try (var file = new FileReader(asked.get("properties"))) {
                common.load(file);
            } catch (java.io.IOException failure) {
                throw new Stop(64, "--properties: " + failure.getMessage());
            }
        }
        common.put("bootstrap.servers", asked.get("brokers"));
        String decisions = asked.get("env") + ".decisions";
        try (var consumer = consumer(common); var producer = producer(common)) {
            // Where each partition ends before the bid is sent: its decision can't stand earlier.
            List<TopicPartition> places = consumer.partitionsFor(decisions).stream()
                .map(found -> new TopicPartition(decisions, found.partition())).toList();
            if (places.isEmpty()) throw new Stop(69, "no topic " + decisions + ": is --env right?");
            Map<TopicPartition, Long> starts = consumer.endOffsets(places);

            RecordMetadata receipt = send(producer, asked.get("env"), bid, deadline);
            RESULTS.println(JSON.createObjectNode().put("id", asked.get("bid"))
                .put("topic", receipt.topic()).put("partition", receipt.partition())
                .put("offset", receipt.offset()).put("at", receipt.timestamp()));
            TopicPartition place = new TopicPartition(decisions, receipt.partition());
            consumer.assign(List.of(place));
            consumer.seek(place, starts.get(place));
            JsonNode decision = answer(consumer, receipt, deadline);
            if (decision == null)
                throw new Stop(75, "not decided yet: run it again with --bid " + asked.get("bid"));
            RESULTS.println(decision);
            // A repeat says what the first decision `was`, and how the bid stands `now`.
            String type = decision.path("type").asText();
            String verdict = type.equals("repeated") ? decision.path("was").asText() : type;
            return verdict.equals("rejected") ? 1 : 0;
        }
    }

    static KafkaConsumer<String, String> consumer(Properties common) {
        Map<String, Object> settings = new HashMap<>(Map.of(
            "isolation.level", "read_committed", "enable.auto.commit", "false",
            "allow.auto.create.topics", "false", "default.api.timeout.ms", "10000"));
        common.forEach((name, value) -> settings.putIfAbsent((String) name, value));
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    /** Its partitioner stays the default, which is the right one: murmur2 of the key. */
    static KafkaProducer<String, String> producer(Properties common) {
        Map<String, Object> settings = new HashMap<>(Map.of(
            "acks", "all", "enable.idempotence", "true", "max.block.ms", "5000",
            "request.timeout.ms", "2000", "delivery.timeout.ms", "5000"));
        common.forEach((name, value) -> settings.putIfAbsent((String) name, value));
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    /** Appends the bid; the receipt says where it stands. */
    static RecordMetadata send(
            Producer<String, String> producer, String env, ObjectNode bid, long deadline)
            throws InterruptedException {
        var record = new ProducerRecord<>(
            env + ".bids", bid.path("offering").asText(), bid.toString());
        record.headers().add("env", env.getBytes());
        String id = bid.path("bid").asText();
        boolean unanswered = false;
        while (true) {
            try {
                return producer.send(record).get();
            } catch (ExecutionException failure) {
                if (failure.getCause() instanceof RetriableException)
                    unanswered = true;
                else if (!unanswered)
                    throw new Stop(code(failure.getCause()),
                        "bid " + id + " is not taken: " + failure.getCause());
                // No acknowledgement: the bid may be in the log or not. The same bid under the same
                // id may be sent as often as it takes; under a new id it would be another bid.
                if (System.nanoTime() > deadline)
                    throw new Stop(
                        75, "unknown whether it is there: run it again with --bid " + id);
                Thread.sleep(200);
            }
        }
    }

    /** Reads decisions until one is about the record of the receipt. */
    static JsonNode answer(
            Consumer<String, String> consumer, RecordMetadata receipt, long deadline)
            throws Exception {
        while (System.nanoTime() < deadline) {
            for (var record : consumer.poll(Duration.ofMillis(500))) {
                JsonNode decision = JSON.readTree(record.value());
                if (decision.path("topic").asText().equals("bids")
                        && decision.path("offset").asLong(-1) == receipt.offset()
                        && decision.path("n").asInt(-1) == 0) return decision;
            }
        }
        return null;
    }
}
