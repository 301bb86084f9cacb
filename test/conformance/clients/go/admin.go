package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

const (
	adminTopic = "admin-topic"
	adminGroup = "admin-group"
	adminTxn   = "admin-transaction"
	adminLimit = 60 * time.Second
	baseMs     = 1_700_000_000_000
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func kafkaCode(err error) int {
	var kafka *kerr.Error
	if errors.As(err, &kafka) {
		return int(kafka.Code)
	}
	if err != nil {
		panic(err)
	}
	return 0
}

// steps is kadm's client, with what it saw so far.
type steps struct {
	ctx       context.Context
	bootstrap string
	kadm      *kadm.Client
	seen      map[string]any
}

// admin goes through kadm step by step and prints what it saw as one line of JSON: see ../../admin.test.ts.
func admin(bootstrap string) {
	ctx, cancel := context.WithTimeout(context.Background(), adminLimit)
	defer cancel()
	cl := must(kgo.NewClient(kgo.SeedBrokers(bootstrap)))
	defer cl.Close()
	s := &steps{ctx: ctx, bootstrap: bootstrap, kadm: kadm.NewClient(cl), seen: map[string]any{}}
	s.topics()
	s.configs()
	s.records()
	s.groups()
	s.transactions()
	s.cluster()
	fmt.Println(string(must(json.Marshal(s.seen))))
}

func (s *steps) topics() {
	policy := "compact"
	must(s.kadm.CreateTopic(s.ctx, 2, 1, nil, adminTopic))
	must(s.kadm.CreateTopic(s.ctx, 1, 1, map[string]*string{"cleanup.policy": &policy}, "admin-other"))
	_, again := s.kadm.CreateTopic(s.ctx, 2, 1, nil, adminTopic)
	dry := must(s.kadm.ValidateCreateTopics(s.ctx, 1, 9, nil, "admin-dry"))["admin-dry"].Err
	grown := must(s.kadm.CreatePartitions(s.ctx, 1, adminTopic))
	s.seen["topics"] = []int{kafkaCode(again), kafkaCode(dry), kafkaCode(grown[adminTopic].Err)}
	must(s.kadm.DeleteTopic(s.ctx, "admin-other"))
	listed := must(s.kadm.ListTopics(s.ctx))
	s.seen["listed"] = listed.Names()
	s.seen["partitions"] = len(listed[adminTopic].Partitions)
}

func (s *steps) describe(name string) []string {
	described := must(must(s.kadm.DescribeTopicConfigs(s.ctx, adminTopic)).On(adminTopic, nil))
	for _, config := range described.Configs {
		if config.Key == name {
			return []string{config.MaybeValue(), config.Source.String()}
		}
	}
	return nil
}

func (s *steps) alter(name, value string, topic string) int {
	set := kadm.AlterConfig{Op: kadm.SetConfig, Name: name, Value: &value}
	altered := must(s.kadm.AlterTopicConfigs(s.ctx, []kadm.AlterConfig{set}, topic))
	return kafkaCode(must(altered.On(topic, nil)).Err)
}

func (s *steps) configs() {
	codes := []int{
		s.alter("retention.ms", "60000", adminTopic),
		s.alter("no.such", "1", adminTopic),
		s.alter("retention.ms", "1", "nowhere"),
	}
	s.seen["altered"] = []any{codes, s.describe("retention.ms")}
	all := must(s.kadm.AlterTopicConfigsState(s.ctx, nil, adminTopic))
	s.seen["replaced"] = []any{kafkaCode(all[0].Err), s.describe("retention.ms")}
	broker := must(must(s.kadm.DescribeBrokerConfigs(s.ctx, 1)).On("1", nil))
	s.seen["brokerConfigs"] = len(broker.Configs) > 0 && broker.Err == nil
}

func (s *steps) records() {
	producer := must(kgo.NewClient(
		kgo.SeedBrokers(s.bootstrap), kgo.RecordPartitioner(kgo.ManualPartitioner()),
	))
	defer producer.Close()
	for i := range 10 {
		at := time.UnixMilli(baseMs + int64(i))
		record := &kgo.Record{Topic: adminTopic, Value: []byte{byte(i)}, Timestamp: at}
		must(0, producer.ProduceSync(s.ctx, record).FirstErr())
	}
	remove := func(at int64) (int64, int) {
		var offsets kadm.Offsets
		offsets.AddOffset(adminTopic, 0, at, -1)
		deleted := must(s.kadm.DeleteRecords(s.ctx, offsets))
		one, _ := deleted.Lookup(adminTopic, 0)
		return one.LowWatermark, kafkaCode(one.Err)
	}
	to, _ := remove(4)
	_, outside := remove(11)
	s.seen["deleted"] = []int64{to, int64(outside)}
	offset := func(listed kadm.ListedOffsets, err error) int64 {
		found, _ := must(listed, err).Lookup(adminTopic, 0)
		return must(found.Offset, found.Err)
	}
	s.seen["offsets"] = []int64{
		offset(s.kadm.ListStartOffsets(s.ctx, adminTopic)),
		offset(s.kadm.ListEndOffsets(s.ctx, adminTopic)),
		offset(s.kadm.ListCommittedOffsets(s.ctx, adminTopic)),
		offset(s.kadm.ListMaxTimestampOffsets(s.ctx, adminTopic)),
		offset(s.kadm.ListOffsetsAfterMilli(s.ctx, baseMs+5, adminTopic)),
	}
	var set kadm.TopicsSet
	set.Add(adminTopic, 0)
	producers := must(s.kadm.DescribeProducers(s.ctx, set))
	logs := must(s.kadm.DescribeAllLogDirs(s.ctx, set))
	s.seen["sizeKnown"] = logs[1].Size() > 0
	s.seen["producers"] = len(producers[adminTopic].Partitions[0].ActiveProducers)
}

func (s *steps) groups() {
	consumer := must(kgo.NewClient(
		kgo.SeedBrokers(s.bootstrap), kgo.ConsumerGroup(adminGroup), kgo.ConsumeTopics(adminTopic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.DisableAutoCommit(),
	))
	for got := 0; got < 6; {
		got += consumer.PollFetches(s.ctx).NumRecords()
	}
	listed := must(s.kadm.ListGroups(s.ctx))
	described := must(must(s.kadm.DescribeGroups(s.ctx, adminGroup)).On(adminGroup, nil))
	held := []int32{}
	for _, member := range described.Members {
		assigned, _ := member.Assigned.AsConsumer()
		for _, topic := range assigned.Topics {
			held = append(held, topic.Partitions...)
		}
	}
	slices.Sort(held)
	must(0, consumer.CommitUncommittedOffsets(s.ctx))
	lag := must(s.kadm.Lag(s.ctx, adminGroup))
	s.seen["group"] = []any{listed.Groups(), described.State, held, lag[adminGroup].Lag.Total()}
	_, live := s.kadm.DeleteGroup(s.ctx, adminGroup)
	consumer.Close()
	var moved kadm.Offsets
	moved.AddOffset(adminTopic, 0, 5, -1)
	must(0, s.kadm.CommitAllOffsets(s.ctx, adminGroup, moved))
	fetched, _ := must(s.kadm.FetchOffsets(s.ctx, adminGroup)).Lookup(adminTopic, 0)
	var all kadm.TopicsSet
	all.Add(adminTopic, 0)
	must(s.kadm.DeleteOffsets(s.ctx, adminGroup, all))
	_, isLeft := must(s.kadm.FetchOffsets(s.ctx, adminGroup)).Lookup(adminTopic, 0)
	_, gone := s.kadm.DeleteGroup(s.ctx, adminGroup)
	s.seen["groupEnd"] = []any{kafkaCode(live), fetched.At, isLeft, kafkaCode(gone)}
}

func (s *steps) transactions() {
	producer := must(kgo.NewClient(
		kgo.SeedBrokers(s.bootstrap), kgo.TransactionalID(adminTxn), kgo.DefaultProduceTopic(adminTopic),
	))
	defer producer.Close()
	must(0, producer.BeginTransaction())
	must(0, producer.ProduceSync(s.ctx, kgo.StringRecord("open")).FirstErr())
	listed := must(s.kadm.ListTransactions(s.ctx, nil, []string{"Ongoing"}))
	described := must(s.kadm.DescribeTransactions(s.ctx, adminTxn))[adminTxn]
	s.seen["transaction"] = []any{
		listed.TransactionalIDs(), described.State, len(described.Topics[adminTopic]),
	}
	must(0, producer.EndTransaction(s.ctx, kgo.TryAbort))
	ended := must(s.kadm.DescribeTransactions(s.ctx, adminTxn))[adminTxn]
	s.seen["isAborted"] = strings.HasSuffix(ended.State, "Abort")
}

func (s *steps) cluster() {
	metadata := must(s.kadm.BrokerMetadata(s.ctx))
	coordinator := s.kadm.FindGroupCoordinators(s.ctx, adminGroup)[adminGroup]
	s.seen["cluster"] = []any{len(metadata.Brokers), metadata.Controller, coordinator.NodeID}
	versions := must(s.kadm.ApiVersions(s.ctx))
	s.seen["versions"] = kafkaCode(versions[1].Err)
}
