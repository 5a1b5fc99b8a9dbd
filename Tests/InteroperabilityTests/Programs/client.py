"""Python's confluent-kafka, for the tests; Client.java beside it says what goes in and out."""
import hashlib
import sys

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition


def settings(words, brokers):
    return {"bootstrap.servers": brokers, **dict(word.split("=", 1) for word in words)}


def unpacked(field):
    return None if field == "-" else bytes.fromhex(field)


def produce(settings):
    producer = Producer(settings)
    partitions = {}

    def note(number):
        def delivered(error, message):
            if error is not None:
                raise KafkaException(error)
            partitions[number] = message.partition()
        return delivered

    for number, line in enumerate(sys.stdin):
        topic, key, value, headers = line.rstrip("\n").split("\t")
        pairs = [] if headers == "-" else [header.split("=") for header in headers.split(",")]
        producer.produce(
            unpacked(topic).decode(), key=unpacked(key), value=unpacked(value),
            headers=[(unpacked(name).decode(), unpacked(text)) for name, text in pairs],
            on_delivery=note(number))
        producer.poll(0)
    producer.flush()
    for number in range(len(partitions)):
        print(partitions[number])


def check(value, partition, hashes):
    """A decision's hash is that of the one before, in hex, and its own bytes before the epoch."""
    def sha256(data):
        return hashlib.sha256(data).hexdigest().encode()

    before = hashes.get(partition) or sha256(b"fairfill/1 decisions %d" % partition)
    if value.startswith(b'{"type":"epochStarted"'):
        expected = before
    else:
        expected = sha256(before + value[:value.rindex(b',"epoch":')])
    if not value.endswith(b'"hash":"' + expected + b'"}'):
        sys.exit(f"the chain breaks at {value}")
    hashes[partition] = expected


def consume(topic, settings):
    is_chained = settings.pop("chain", None)
    hashes = {}
    consumer = Consumer({"group.id": "reader", "enable.auto.commit": False,
                         "enable.partition.eof": True, **settings})
    places = [TopicPartition(topic, number, 0)
              for number in consumer.list_topics(topic, 10).topics[topic].partitions]
    consumer.assign(places)
    ended = set()
    while len(ended) < len(places):
        message = consumer.poll(1)
        if message is None:
            continue
        if message.error():
            ended.add(message.partition())
            continue
        if is_chained:
            check(message.value(), message.partition(), hashes)
        print(message.partition(), message.offset(), message.value().decode(), sep="\t")
    consumer.close()


if sys.argv[1] == "produce":
    produce(settings(sys.argv[3:], sys.argv[2]))
else:
    consume(sys.argv[3], settings(sys.argv[4:], sys.argv[2]))
