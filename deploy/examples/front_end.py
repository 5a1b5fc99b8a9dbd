#!/usr/bin/env python3
"""Bids for shares of an offering and prints the receipt, then the decision, as JSON lines.

A front end of Fairfill in Python, over confluent-kafka (Debian: python3-confluent-kafka).
README.md beside this file says what matters in any language, and why.

exit codes: 0 reserved or waiting, 1 refused, 64 usage, 69 no answer from the brokers, or a no,
75 not decided in time, or unknown whether it is there: run it again with the same --bid, which
can never buy twice, 77 not permitted: the password, the certificate or the user's rights.
"""
import argparse
import json
import re
import sys
import time
import uuid

try:
    from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
except ImportError:
    print("front_end.py: needs confluent-kafka (Debian: python3-confluent-kafka)", file=sys.stderr)
    sys.exit(78)


NOT_PERMITTED = {
    KafkaError._AUTHENTICATION, KafkaError._SSL, KafkaError.SASL_AUTHENTICATION_FAILED,
    KafkaError.UNSUPPORTED_SASL_MECHANISM, KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.CLUSTER_AUTHORIZATION_FAILED}


def stop(code, sentence):
    print(f"front_end.py: {sentence}", file=sys.stderr)
    sys.exit(code)


def is_not_permitted(error):
    # A certificate that the broker does not like is seen as a connection that breaks.
    return error.code() in NOT_PERMITTED or "SSL alert number" in str(error)


def stop_for(errors, sentence):
    """Ends with what the brokers, or the lack of them, had against it."""
    refused = [error for error in errors if is_not_permitted(error)]
    reasons = [f": {error}" for error in refused or errors]
    stop(77 if refused else 69, sentence + "".join(reasons[:1]))


def arguments():
    def identifier(text):
        if not re.fullmatch(r"[A-Za-z0-9._:-]{1,64}", text):
            raise argparse.ArgumentTypeError("1 to 64 of A-Z a-z 0-9 . _ : -")
        return text

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.error = lambda sentence: stop(64, f"{sentence} (--help says more)")
    parser.add_argument("--brokers", required=True, metavar="HOST:PORT[,...]")
    parser.add_argument("--env", default="dev", help="environment, prefix of the topics (dev)")
    parser.add_argument("--offering", required=True, type=identifier)
    parser.add_argument("--account", required=True, type=identifier)
    parser.add_argument("--shares", required=True, type=int)
    parser.add_argument("--all-or-none", action="store_true", help="all of them or nothing")
    parser.add_argument("--bid", type=identifier, default=f"b-{uuid.uuid4()}",
                        help="made once, and kept with the order through every resend")
    parser.add_argument("--timeout", type=float, default=30, metavar="SECONDS")
    parser.add_argument("--properties", type=argparse.FileType(), default=[], metavar="FILE",
                        help="librdkafka's, a name=value a line: TLS, SASL, ...")
    return parser.parse_args()


def ends(consumer, topic, timeout):
    """Where each partition ends before the bid is sent: its decision can't stand earlier."""
    found = consumer.list_topics(topic, timeout).topics[topic]
    if not found.partitions:
        stop_for([found.error] if found.error else [], f"no topic {topic}: is --env right?")
    places = [TopicPartition(topic, partition) for partition in found.partitions]
    return {place.partition: consumer.get_watermark_offsets(place, timeout)[1] for place in places}


def send(producer, env, bid, deadline):
    """Appends the bid and returns its receipt: the acknowledged message, with its offset."""
    unanswered = False
    while True:
        outcome = []
        try:
            producer.produce(
                f"{env}.bids", key=bid["offering"], value=json.dumps(bid), headers={"env": env},
                on_delivery=lambda error, message: outcome.extend((error, message)))
            producer.flush()
            error, receipt = outcome
            if error is None:
                return receipt
        except KafkaException as failure:
            error = failure.args[0]
            try:
                producer.poll(0)  # Raises the reason, where an earlier answer is it.
            except KafkaException as reason:
                error = reason.args[0]
        if error.code() == KafkaError._MSG_TIMED_OUT:
            unanswered = True
        elif not unanswered:
            stop_for([error], f"bid {bid['bid']} is not taken")
        # No acknowledgement: the bid may be in the log or not. The same bid under the same id
        # may be sent as often as it takes; under a new id it would be another bid.
        if time.monotonic() > deadline:
            stop(75, f"unknown whether it is there: run it again with --bid {bid['bid']}: {error}")
        time.sleep(0.2)


def answer(consumer, receipt, deadline):
    """Reads decisions until one is about the record of the receipt."""
    while time.monotonic() < deadline:
        message = consumer.poll(0.5)
        if message and message.error():
            if is_not_permitted(message.error()):
                stop_for([message.error()], "the bid is there, but its decision can't be read")
            # No group is joined, so the right to one is not needed.
            if message.error().code() != KafkaError.GROUP_AUTHORIZATION_FAILED:
                print(f"front_end.py: {message.error()}", file=sys.stderr)
        elif message:
            decision = json.loads(message.value())
            source = (decision.get("topic"), decision.get("offset"), decision.get("n"))
            if source == ("bids", receipt.offset(), 0):
                return decision
    return None


def main():
    asked = arguments()
    deadline = time.monotonic() + asked.timeout
    env, decisions = asked.env, f"{asked.env}.decisions"
    # Passwords and keys come from a file, since everybody may read a command line.
    lines = (line.strip() for line in asked.properties)
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    common = {name.strip(): value.strip() for name, _, value in pairs}
    common["bootstrap.servers"] = asked.brokers
    producer = Producer({
        **common, "acks": "all", "enable.idempotence": True, "message.timeout.ms": 5000,
        # The hash of Java clients. librdkafka's default is another: such bids are `misrouted`.
        "partitioner": "murmur2_random"})
    told = []
    consumer = Consumer({
        **common, "error_cb": told.append,
        "isolation.level": "read_committed", "enable.auto.commit": False,
        "group.id": f"{env}.front-end"})  # It must be there, and no group is joined.

    try:
        starts = ends(consumer, decisions, asked.timeout)
    except KafkaException as failure:
        consumer.poll(0)  # Now it tells why.
        stop_for([failure.args[0]] + told, f"no answer from {asked.brokers}")
    bid = {"type": "bid", "bid": asked.bid, "offering": asked.offering, "account": asked.account,
           "shares": asked.shares, "allOrNone": asked.all_or_none}
    receipt = send(producer, env, bid, deadline)
    partition = receipt.partition()
    print(json.dumps({"id": asked.bid, "topic": receipt.topic(), "partition": partition,
                      "offset": receipt.offset(), "at": receipt.timestamp()[1]}), flush=True)
    consumer.assign([TopicPartition(decisions, partition, starts[partition])])
    decision = answer(consumer, receipt, deadline)
    consumer.close()
    if decision is None:
        stop(75, f"not decided yet: run it again with --bid {asked.bid}")
    print(json.dumps(decision))
    # A repeat says what the first decision `was`, and how the bid stands `now`.
    verdict = decision["was"] if decision["type"] == "repeated" else decision["type"]
    sys.exit(1 if verdict == "rejected" else 0)


if __name__ == "__main__":
    try:
        main()
    except KafkaException as failure:
        stop_for([failure.args[0]], "the brokers say no")
