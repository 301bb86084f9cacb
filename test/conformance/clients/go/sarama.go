package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/IBM/sarama"
)

var saramaCodecs = map[string]sarama.CompressionCodec{
	"none":   sarama.CompressionNone,
	"gzip":   sarama.CompressionGZIP,
	"snappy": sarama.CompressionSnappy,
	"lz4":    sarama.CompressionLZ4,
	"zstd":   sarama.CompressionZSTD,
}

type saramaClient struct {
	bootstrap []string
	out       *events

	mutex sync.Mutex
	// One for each setting, so that an idempotent one keeps its sequence numbers through a restart.
	producers map[string]sarama.SyncProducer
	members   map[string]*saramaMember
}

func startSarama(bootstrap string, out *events) (client, error) {
	return &saramaClient{
		bootstrap: strings.Split(bootstrap, ","),
		out:       out,
		producers: map[string]sarama.SyncProducer{},
		members:   map[string]*saramaMember{},
	}, nil
}

func saramaConfig() *sarama.Config {
	config := sarama.NewConfig()
	config.Version = sarama.MaxVersion
	config.Metadata.Retry.Max = 50
	config.Metadata.Retry.Backoff = 100 * time.Millisecond
	config.Metadata.RefreshFrequency = time.Second
	config.Net.DialTimeout = 5 * time.Second
	return config
}

func (s *saramaClient) code(err error) int {
	var kafka sarama.KError
	var topic *sarama.TopicError
	var failed sarama.ProducerErrors
	switch {
	case errors.As(err, &failed) && len(failed) > 0:
		return s.code(failed[0].Err)
	case errors.As(err, &topic):
		return int(topic.Err)
	case errors.As(err, &kafka):
		return int(kafka)
	}
	return -1
}

func (s *saramaClient) asAdmin(act func(sarama.ClusterAdmin) error) error {
	admin, err := sarama.NewClusterAdmin(s.bootstrap, saramaConfig())
	if err != nil {
		return err
	}
	defer admin.Close()
	return act(admin)
}

func (s *saramaClient) createTopic(topic string, partitions int32) error {
	detail := &sarama.TopicDetail{NumPartitions: partitions, ReplicationFactor: 1}
	return s.asAdmin(func(admin sarama.ClusterAdmin) error {
		return admin.CreateTopic(topic, detail, false)
	})
}

func (s *saramaClient) deleteTopic(topic string) error {
	return s.asAdmin(func(admin sarama.ClusterAdmin) error { return admin.DeleteTopic(topic) })
}

func (s *saramaClient) producer(codec string, idempotent bool) (sarama.SyncProducer, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	key := fmt.Sprint(codec, idempotent)
	if known := s.producers[key]; known != nil {
		return known, nil
	}
	config := saramaConfig()
	config.Producer.Partitioner = sarama.NewManualPartitioner
	config.Producer.Compression = saramaCodecs[codec]
	config.Producer.MaxMessageBytes = 10_000_000
	config.Producer.RequiredAcks = sarama.WaitForAll
	config.Producer.Return.Successes = true
	config.Producer.Flush.Frequency = 20 * time.Millisecond
	config.Producer.Retry.Max = 100
	config.Producer.Retry.Backoff = 50 * time.Millisecond
	if idempotent {
		config.Producer.Idempotent = true
		config.Net.MaxOpenRequests = 1
	}
	made, err := sarama.NewSyncProducer(s.bootstrap, config)
	if err == nil {
		s.producers[key] = made
	}
	return made, err
}

// bytesOf is nothing for what is absent, which sarama has as a nil interface.
func bytesOf(data []byte) sarama.Encoder {
	if data == nil {
		return nil
	}
	return sarama.ByteEncoder(data)
}

func (s *saramaClient) produce(topic string, messages []message, codec string, idempotent bool) error {
	producer, err := s.producer(codec, idempotent)
	if err != nil {
		return err
	}
	sent := make([]*sarama.ProducerMessage, len(messages))
	for i, m := range messages {
		headers := make([]sarama.RecordHeader, len(m.Headers))
		for j, h := range m.Headers {
			headers[j] = sarama.RecordHeader{Key: []byte(h.name), Value: h.value}
		}
		sent[i] = &sarama.ProducerMessage{
			Topic:     topic,
			Partition: m.Partition,
			Key:       bytesOf(m.Key),
			Value:     bytesOf(m.Value),
			Headers:   headers,
			Timestamp: time.UnixMilli(m.TimestampMs),
		}
	}
	return producer.SendMessages(sent)
}

func (s *saramaClient) offsetsAt(topic string, timestampMs int64) ([][2]int64, error) {
	cl, err := sarama.NewClient(s.bootstrap, saramaConfig())
	if err != nil {
		return nil, err
	}
	defer cl.Close()
	partitions, err := cl.Partitions(topic)
	if err != nil {
		return nil, err
	}
	found := [][2]int64{}
	for _, partition := range partitions {
		offset, err := cl.GetOffset(topic, partition, timestampMs)
		if err != nil {
			return nil, err
		}
		found = append(found, [2]int64{int64(partition), offset})
	}
	return found, nil
}

// saramaMember handles the claims of one member of a group.
type saramaMember struct {
	name  string
	topic string
	out   *events

	mutex   sync.Mutex
	session sarama.ConsumerGroupSession
	errors  chan error
}

func (m *saramaMember) Setup(session sarama.ConsumerGroupSession) error {
	m.mutex.Lock()
	m.session = session
	m.mutex.Unlock()
	held := slices.Sorted(slices.Values(session.Claims()[m.topic]))
	m.out.assigned(m.name, held)
	return nil
}

func (m *saramaMember) Cleanup(sarama.ConsumerGroupSession) error {
	m.out.assigned(m.name, nil)
	return nil
}

func (m *saramaMember) ConsumeClaim(
	_ sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim,
) error {
	for got := range claim.Messages() {
		headers := make([]header, len(got.Headers))
		for i, h := range got.Headers {
			headers[i] = header{string(h.Key), h.Value}
		}
		m.out.message(m.name, received{
			Offset: got.Offset,
			message: message{
				Partition:   got.Partition,
				Key:         got.Key,
				Value:       got.Value,
				Headers:     headers,
				TimestampMs: got.Timestamp.UnixMilli(),
			},
		})
	}
	return nil
}

func (s *saramaClient) join(member, group, topic string) error {
	config := saramaConfig()
	config.Consumer.Offsets.Initial = sarama.OffsetOldest
	config.Consumer.Offsets.AutoCommit.Enable = false
	config.Consumer.Group.Session.Timeout = 6 * time.Second
	config.Consumer.Group.Heartbeat.Interval = 200 * time.Millisecond
	config.Consumer.MaxWaitTime = 100 * time.Millisecond
	config.Consumer.Retry.Backoff = 100 * time.Millisecond
	config.Consumer.Return.Errors = true
	consumer, err := sarama.NewConsumerGroup(s.bootstrap, group, config)
	if err != nil {
		return err
	}
	made := &saramaMember{name: member, topic: topic, out: s.out, errors: make(chan error, 64)}
	s.mutex.Lock()
	s.members[member] = made
	s.mutex.Unlock()
	go func() {
		for err := range consumer.Errors() {
			fmt.Fprintln(os.Stderr, err)
			select {
			case made.errors <- err:
			default:
			}
		}
	}()
	go func() {
		// A session ends with every rebalance, and with the lab.
		for {
			if err := consumer.Consume(context.Background(), []string{topic}, made); err != nil {
				fmt.Fprintln(os.Stderr, err)
				time.Sleep(100 * time.Millisecond)
			}
		}
	}()
	return nil
}

func (s *saramaClient) commit(member string, positions [][2]int64) error {
	s.mutex.Lock()
	m := s.members[member]
	s.mutex.Unlock()
	m.mutex.Lock()
	session := m.session
	m.mutex.Unlock()
	for len(m.errors) > 0 {
		<-m.errors
	}
	for _, p := range positions {
		session.MarkOffset(m.topic, int32(p[0]), p[1], "")
	}
	session.Commit()
	// Commit has waited for the answer; what went wrong is among the errors.
	select {
	case err := <-m.errors:
		return err
	default:
		return nil
	}
}
