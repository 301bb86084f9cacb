// A client program for ../../protocol.ts: its first argument says which client it is. With the further
// argument "consumer" its groups use the protocol of KIP-848. The argument "admin" is another program:
// see admin.go.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sync"
)

const maxLineBytes = 64 << 20

// message is one of the tests' messages; JSON has bytes as base64, and null for what is absent.
type message struct {
	Partition   int32    `json:"partition"`
	Key         []byte   `json:"key"`
	Value       []byte   `json:"value"`
	Headers     []header `json:"headers"`
	TimestampMs int64    `json:"timestampMs"`
}

// header is a pair in JSON.
type header struct {
	name  string
	value []byte
}

func (h header) MarshalJSON() ([]byte, error) { return json.Marshal([]any{h.name, h.value}) }

func (h *header) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, &[]any{&h.name, &h.value})
}

type received struct {
	message
	Offset int64 `json:"offset"`
}

// op is what the tests ask for; each kind has some of the fields.
type op struct {
	ID          int64      `json:"id"`
	Op          string     `json:"op"`
	Bootstrap   string     `json:"bootstrap"`
	Topic       string     `json:"topic"`
	Partitions  int32      `json:"partitions"`
	Messages    []message  `json:"messages"`
	Codec       string     `json:"codec"`
	Idempotent  bool       `json:"idempotent"`
	TimestampMs int64      `json:"timestampMs"`
	Member      string     `json:"member"`
	Group       string     `json:"group"`
	Positions   [][2]int64 `json:"positions"`
}

// client is what a library has to do. Its members report what they hold and receive to events.
type client interface {
	createTopic(topic string, partitions int32) error
	deleteTopic(topic string) error
	produce(topic string, messages []message, codec string, idempotent bool) error
	// offsetsAt returns a pair of partition and offset for each partition, -1 where there is none.
	offsetsAt(topic string, timestampMs int64) ([][2]int64, error)
	join(member, group, topic string) error
	commit(member string, positions [][2]int64) error
	// code is Kafka's error number, -1 where the library does not tell it.
	code(err error) int
}

// events are written one line each.
type events struct{ mutex sync.Mutex }

func (e *events) write(line map[string]any) {
	text, err := json.Marshal(line)
	if err != nil {
		panic(err)
	}
	e.mutex.Lock()
	defer e.mutex.Unlock()
	os.Stdout.Write(append(text, '\n'))
}

func (e *events) assigned(member string, partitions []int32) {
	if partitions == nil {
		partitions = []int32{}
	}
	e.write(map[string]any{"event": "assigned", "member": member, "partitions": partitions})
}

func (e *events) message(member string, got received) {
	if got.Headers == nil {
		got.Headers = []header{}
	}
	e.write(map[string]any{"event": "message", "member": member, "message": got})
}

func do(c client, o op) (any, error) {
	switch o.Op {
	case "createTopic":
		return nil, c.createTopic(o.Topic, o.Partitions)
	case "deleteTopic":
		return nil, c.deleteTopic(o.Topic)
	case "produce":
		return nil, c.produce(o.Topic, o.Messages, o.Codec, o.Idempotent)
	case "offsetsAt":
		return c.offsetsAt(o.Topic, o.TimestampMs)
	case "join":
		return nil, c.join(o.Member, o.Group, o.Topic)
	case "commit":
		return nil, c.commit(o.Member, o.Positions)
	}
	return nil, fmt.Errorf("unknown op %q", o.Op)
}

func start(name, bootstrap string, useConsumerProtocol bool, out *events) (client, error) {
	switch name {
	case "sarama":
		return startSarama(bootstrap, out)
	case "franz":
		return startFranz(bootstrap, useConsumerProtocol, out)
	}
	return nil, fmt.Errorf("unknown client %q", name)
}

func serve(name string, useConsumerProtocol bool) {
	out := &events{}
	var c client
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, maxLineBytes)
	for lines.Scan() {
		var o op
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			panic(err)
		}
		answer := func(result any, err error) {
			if err == nil {
				out.write(map[string]any{"id": o.ID, "result": result})
				return
			}
			code := -1
			if c != nil {
				code = c.code(err)
			}
			failure := map[string]any{"code": code, "message": err.Error()}
			out.write(map[string]any{"id": o.ID, "error": failure})
		}
		if o.Op == "start" {
			started, err := start(name, o.Bootstrap, useConsumerProtocol, out)
			c = started
			answer(nil, err)
			continue
		}
		go func() { answer(do(c, o)) }()
	}
}

func main() {
	switch args := os.Args[1:]; {
	case len(args) == 2 && args[0] == "admin":
		admin(args[1])
	case len(args) >= 1:
		serve(args[0], len(args) > 1 && args[1] == "consumer")
	default:
		fmt.Fprintln(os.Stderr, "usage: client sarama | franz [consumer] | admin BOOTSTRAP")
		os.Exit(2)
	}
}
