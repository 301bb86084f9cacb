package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// franz is franz-go's kgo and kadm.
type franz struct {
	bootstrap           string
	useConsumerProtocol bool
	out                 *events
	admin               *kadm.Client

	mutex sync.Mutex
	// One for each setting, so that an idempotent one keeps its sequence numbers through a restart.
	producers map[string]*kgo.Client
	members   map[string]*franzMember
}

type franzMember struct {
	client *kgo.Client
	topic  string
}

func startFranz(bootstrap string, useConsumerProtocol bool, out *events) (client, error) {
	cl, err := kgo.NewClient(kgo.SeedBrokers(strings.Split(bootstrap, ",")...))
	if err != nil {
		return nil, err
	}
	return &franz{
		bootstrap:           bootstrap,
		useConsumerProtocol: useConsumerProtocol,
		out:                 out,
		admin:               kadm.NewClient(cl),
		producers:           map[string]*kgo.Client{},
		members:             map[string]*franzMember{},
	}, nil
}

func (f *franz) code(err error) int {
	var kafka *kerr.Error
	if errors.As(err, &kafka) {
		return int(kafka.Code)
	}
	return -1
}

func (f *franz) createTopic(topic string, partitions int32) error {
	_, err := f.admin.CreateTopic(context.Background(), partitions, 1, nil, topic)
	return err
}

func (f *franz) deleteTopic(topic string) error {
	_, err := f.admin.DeleteTopic(context.Background(), topic)
	return err
}

func franzCodec(name string) kgo.CompressionCodec {
	switch name {
	case "gzip":
		return kgo.GzipCompression()
	case "snappy":
		return kgo.SnappyCompression()
	case "lz4":
		return kgo.Lz4Compression()
	case "zstd":
		return kgo.ZstdCompression()
	}
	return kgo.NoCompression()
}

func (f *franz) producer(codec string, idempotent bool) (*kgo.Client, error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	key := fmt.Sprint(codec, idempotent)
	if known := f.producers[key]; known != nil {
		return known, nil
	}
	options := []kgo.Opt{
		kgo.SeedBrokers(strings.Split(f.bootstrap, ",")...),
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.ProducerBatchCompression(franzCodec(codec)),
		kgo.ProducerBatchMaxBytes(10_000_000),
		kgo.AllowAutoTopicCreation(),
		kgo.ProducerLinger(20 * time.Millisecond),
	}
	if !idempotent {
		options = append(options, kgo.DisableIdempotentWrite())
	}
	made, err := kgo.NewClient(options...)
	if err == nil {
		f.producers[key] = made
	}
	return made, err
}

func (f *franz) produce(topic string, messages []message, codec string, idempotent bool) error {
	producer, err := f.producer(codec, idempotent)
	if err != nil {
		return err
	}
	records := make([]*kgo.Record, len(messages))
	for i, m := range messages {
		headers := make([]kgo.RecordHeader, len(m.Headers))
		for j, h := range m.Headers {
			headers[j] = kgo.RecordHeader{Key: h.name, Value: h.value}
		}
		records[i] = &kgo.Record{
			Topic:     topic,
			Partition: m.Partition,
			Key:       m.Key,
			Value:     m.Value,
			Headers:   headers,
			Timestamp: time.UnixMilli(m.TimestampMs),
		}
	}
	return producer.ProduceSync(context.Background(), records...).FirstErr()
}

func (f *franz) offsetsAt(topic string, timestampMs int64) ([][2]int64, error) {
	listed, err := f.admin.ListOffsetsAfterMilli(context.Background(), timestampMs, topic)
	if err != nil {
		return nil, err
	}
	found := [][2]int64{}
	listed.Each(func(o kadm.ListedOffset) {
		offset := o.Offset
		// kadm says the end where the answer was none.
		if o.Timestamp == -1 {
			offset = -1
		}
		found = append(found, [2]int64{int64(o.Partition), offset})
	})
	return found, listed.Error()
}

func (f *franz) join(member, group, topic string) error {
	held := []int32{}
	var mutex sync.Mutex
	change := func(apply func(partitions []int32)) func(context.Context, *kgo.Client, map[string][]int32) {
		return func(_ context.Context, _ *kgo.Client, changed map[string][]int32) {
			mutex.Lock()
			defer mutex.Unlock()
			apply(changed[topic])
			slices.Sort(held)
			f.out.assigned(member, held)
		}
	}
	taken := change(func(partitions []int32) {
		held = slices.DeleteFunc(held, func(p int32) bool { return slices.Contains(partitions, p) })
	})
	options := []kgo.Opt{
		kgo.SeedBrokers(strings.Split(f.bootstrap, ",")...),
		kgo.ConsumerGroup(group),
		kgo.ConsumeTopics(topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.DisableAutoCommit(),
		kgo.SessionTimeout(6 * time.Second),
		kgo.HeartbeatInterval(200 * time.Millisecond),
		kgo.FetchMaxWait(100 * time.Millisecond),
		kgo.MetadataMaxAge(time.Second),
		kgo.MetadataMinAge(100 * time.Millisecond),
		kgo.OnPartitionsAssigned(change(func(partitions []int32) { held = append(held, partitions...) })),
		kgo.OnPartitionsRevoked(taken),
		kgo.OnPartitionsLost(taken),
	}
	if f.useConsumerProtocol {
		options = append(options, kgo.ServerSideBalancer(), kgo.Balancers(kgo.RangeBalancer()))
	}
	cl, err := kgo.NewClient(options...)
	if err != nil {
		return err
	}
	f.mutex.Lock()
	f.members[member] = &franzMember{client: cl, topic: topic}
	f.mutex.Unlock()
	go f.consume(member, cl)
	return nil
}

func (f *franz) consume(member string, cl *kgo.Client) {
	for {
		cl.PollFetches(context.Background()).EachRecord(func(r *kgo.Record) {
			headers := make([]header, len(r.Headers))
			for i, h := range r.Headers {
				headers[i] = header{h.Key, h.Value}
			}
			f.out.message(member, received{
				Offset: r.Offset,
				message: message{
					Partition:   r.Partition,
					Key:         r.Key,
					Value:       r.Value,
					Headers:     headers,
					TimestampMs: r.Timestamp.UnixMilli(),
				},
			})
		})
	}
}

func (f *franz) commit(member string, positions [][2]int64) error {
	f.mutex.Lock()
	of := f.members[member]
	f.mutex.Unlock()
	offsets := map[int32]kgo.EpochOffset{}
	for _, p := range positions {
		offsets[int32(p[0])] = kgo.EpochOffset{Epoch: -1, Offset: p[1]}
	}
	commit := map[string]map[int32]kgo.EpochOffset{of.topic: offsets}
	return commitFranz(of.client, commit)
}

// commitFranz waits for the lab's answer, which has an error for each partition.
func commitFranz(cl *kgo.Client, offsets map[string]map[int32]kgo.EpochOffset) error {
	var failed error
	cl.CommitOffsetsSync(context.Background(), offsets, func(
		_ *kgo.Client, _ *kmsg.OffsetCommitRequest, response *kmsg.OffsetCommitResponse, err error,
	) {
		failed = err
		if response == nil {
			return
		}
		for _, topic := range response.Topics {
			for _, partition := range topic.Partitions {
				if err := kerr.ErrorForCode(partition.ErrorCode); err != nil {
					failed = err
				}
			}
		}
	})
	return failed
}
