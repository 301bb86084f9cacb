/** The command line was not understood; the message says what is wrong with it. Exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A command could not be done; the message says why and what to do. Exit code 1. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

export const HELP = `streamside: a Kafka broker on localhost, and a look into its topics

  streamside serve     run a lab in this terminal until Ctrl+C
      --port N         port for Kafka clients, 9092; 0 takes any free one
      --host H         address to listen on, 127.0.0.1
      --listener PROTOCOL://HOST:PORT
                       in place of --host and --port, as often as wanted; PROTOCOL is plaintext,
                       ssl, sasl_plaintext or sasl_ssl (PLAIN, SCRAM-SHA-256, SCRAM-SHA-512).
                       Clients trust tls/ca.pem of the data folder
      --users FILE     who may log in there: {"alice": {"password": "..."}}
      --brokers N      show the lab as N brokers, 1 to 16, on N ports in a row; leaders can move
      --default-partitions N
                       partitions of topics created without a number, 1
      --config NAME=VALUE
                       a broker configuration under Kafka's name, as often as wanted:
                       auto.create.topics.enable, group.initial.rebalance.delay.ms,
                       group.min.session.timeout.ms, group.max.session.timeout.ms,
                       group.consumer.session.timeout.ms, group.consumer.heartbeat.interval.ms
      --lease-ms N     end N ms after the last window that holds the lab is gone
  streamside topics    list the topics of the running lab
      --internal       those of the broker itself too
      --json           one JSON object per line, here and below
  streamside topics describe TOPIC...
                       offsets and sizes of their partitions
  streamside topics create TOPIC
      --partitions N   as many, 1 when left out
      --config NAME=VALUE
                       a topic configuration under Kafka's name, as often as wanted
  streamside topics delete TOPIC...
  streamside topics empty TOPIC...
                       delete all messages, and keep the topic and its offsets
  streamside topics config TOPIC
                       its configuration, with who set each value
      --set NAME=VALUE, --unset NAME
                       change it first, as often as wanted: all or nothing
      --dry-run        only say what is wrong with the change
  streamside topics add-partitions TOPIC --total N
                       raise the number of partitions to N
  streamside topics delete-records TOPIC
      --before WHERE   end, offset:N or time:2024-06-11T08:00:00Z
      --partition P    only of this partition
      --dry-run        show what would be deleted, and delete nothing
  streamside brokers   list the brokers of the running lab
  streamside brokers stop|start ID
                       take one down or up again, to see how clients bear it
      --json           one JSON object per line
  streamside peek TOPIC
      --partition P    only this partition
      --from WHERE     earliest (the default), latest, offset:N, time:2024-06-11T08:00:00Z, last:N
      --limit N        at most N messages; 0 for all up to the end, the default
      --json           one JSON object per line, byte for byte; produce reads it back
  streamside search TOPIC
      --text T         messages that hold this text; with --ignore-case in any case
      --regexp R       messages in which this regular expression of JavaScript finds something
      --where SQL      messages for which this is true: "amount > 100 AND headers['kind'] = 'eu'"
      --in PART        look in key, value, headers or anywhere, the default
      --partition, --from, --limit, --json
                       as for peek
  streamside count TOPIC
      --from, --to WHERE
                       from there, before there: as for peek; all of the topic when left out
      --buckets N      over time, in at most N stretches of the same length
      --text, --regexp, --where, --in, --ignore-case, --partition
                       as for search
      --json           one JSON object per line
  streamside decode TOPIC
      --partition P --offset N
                       the message, of partition 0 when left out
      --key            its key in place of its value
      --as DECODER     json, text, hex, xml, msgpack, cbor, gzip, avro, protobuf, registry or kafka
                       (Kafka's own topics); when left out, whatever reads the bytes
      --schema FILE    an .avsc file for avro, a .proto file for protobuf
      --registry URL   the schema registry whose schemas messages name by a number; user:password
                       for it in STREAMSIDE_SCHEMA_REGISTRY_USER_INFO
  streamside groups    list the consumer groups of the running lab
  streamside groups describe GROUP
                       its members, and how far it has come in each partition
  streamside groups delete GROUP...
                       with all that they committed
  streamside groups delete-offsets GROUP TOPIC
      --partition P    only of this partition
      --json           one JSON object per line
  streamside reset GROUP TOPIC
      --to WHERE       earliest, latest, offset:N, time:2024-06-11T08:00:00Z, by:-N or by:N
      --partition P    only this partition
      --dry-run        show what would be done, and do nothing
      --json           one JSON object per line
  streamside produce TOPIC
      --file F.jsonl   messages to send, one JSON object per line; standard input when left out
      --template FILE  make messages up, as {{...}} in its lines says
      --seed N         the same seed gives the same messages
      --count N --for SECONDS
                       how many, or for how long
      --rate N         messages per second; as fast as possible when left out
      --dry-run        print the first messages, of which there are --count, and send none
      --json           the report as a JSON object
  streamside export TOPIC --file PLACE
      --format F       jsonl, csv, or raw: a folder with a file for each value; when left out, it
                       is what the name ends in. The file is there when it is whole, not before
      --to WHERE       where to end, before the message there
      --offsets        write offsets and append times too, which an import cannot bring back
      --overwrite      replace a file that is there
      --partition, --from, --limit, --text, --regexp, --where, --in, --ignore-case
                       which messages, as for peek and search
      --dry-run        count, and write nothing
      --json           the report as a JSON object
  streamside import TOPIC --file PLACE
      --format F       as for export
      --by-key         place by key, not in the partitions that the file names
      --now            with the present time, not with the times that the file names
      --skip N         leave out the first N messages, which a stopped import has sent
      --dry-run        check the whole file, and send nothing
      --json           the report as a JSON object
  streamside replay TOPIC --into TOPIC
                       publish messages again; shows what and asks before it does
      --speed N        1 in the rhythm of their times (the default), 10 ten times as fast, 0.5
      --fast           as fast as possible
      --max-gap MS     longer silences, as recorded, are cut to this
      --set-value SQL, --set-key SQL
                       what the expression comes to: "UPPER(key)", "JSON_QUERY(value, '$.order')"
      --drop-key, --drop-headers
                       without them
      --by-key         place by key, not in the same partitions
      --into-partition P
                       all of them in this partition
      --now            with the present time, not with the times that they had
      --partition, --from, --to, --limit, --text, --regexp, --where, --in, --ignore-case
                       which messages, as for export
      --dry-run        count, and send nothing
      --yes            do not ask
      --json           the report as a JSON object
  streamside copy TOPIC --into TOPIC
                       make a new topic with the same partitions, configurations and records; what
                       was copied is read again and compared
      --dry-run        count, and make nothing
      --json           the report as a JSON object
  streamside redrive TOPIC
                       send the dead letters of a topic to the topics that they came from; shows
                       a table and asks. Those that were sent before are left out
      --header H       the header that names the topic; when left out, those of Spring Kafka, Kafka
                       Connect and Spring Cloud Stream
      --keep-error-headers
                       send the headers that tell of the error too
      --partition, --from, --to, --limit, --text, --regexp, --where, --in, --ignore-case
                       which dead letters, as for export
      --dry-run        show the table, and send nothing
      --yes            do not ask
      --json           the report as a JSON object
  streamside moves     list what moves messages now: exports, imports, replays, copies, redrives
  streamside moves pause|resume|step|stop ID
                       do something to one of them
      --json           one JSON object per line
  --detach with any of the five: it goes on in the lab; the command prints its id and ends

  --data DIR           the lab's data folder, .streamside in the current folder
  --help, --version

Exit codes: 0 done, 1 failed, 2 the command line was not understood.
`;
