import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Tape, Timeline } from "../../../../runtime/messages/replay/timeline.ts";

const places = (timeline: Timeline, ...times: number[]) =>
  times.map((timeMs) => timeline.place(timeMs));

describe("the timeline of a replay", () => {
  it("begins with the first message and keeps distances, times any factor", () => {
    assert.deepEqual(places(new Timeline(1), 500, 600, 600, 1_000), [0, 100, 100, 500]);
    assert.deepEqual(places(new Timeline(10), 500, 600, 600, 1_000), [0, 10, 10, 50]);
    assert.deepEqual(places(new Timeline(0.5), 500, 600, 600, 1_000), [0, 200, 200, 1_000]);
    assert.deepEqual(places(new Timeline(undefined), 500, 600, 1_000), [0, 0, 0]);
  });

  it("never goes back, and is not late for having been held up", () => {
    assert.deepEqual(places(new Timeline(1), 500, 600, 550, 580, 650), [0, 100, 100, 100, 150]);
  });

  it("takes messages without a time where it is", () => {
    assert.deepEqual(places(new Timeline(1), -1, 500, -1, 600), [0, 0, 0, 100]);
  });

  it("cuts long silences", () => {
    const timeline = new Timeline(2, 1_000);
    assert.deepEqual(places(timeline, 0, 86_400_000, 86_400_100), [0, 500, 550]);
  });
});

describe("the tape of a replay", () => {
  it("moves with time and makes up for what was late", () => {
    const tape = new Tape();
    assert.equal(tape.delayTo(100, 7), Infinity);
    tape.play(1_000);
    assert.equal(tape.delayTo(100, 1_000), 100);
    assert.equal(tape.delayTo(100, 1_090), 10);
    assert.equal(tape.delayTo(100, 1_150), 0);
    assert.equal(tape.delayTo(200, 1_150), 50);
  });

  it("stands while it is paused, and goes on from there", () => {
    const tape = new Tape();
    tape.play(1_000);
    tape.pause(1_030);
    assert.equal(tape.delayTo(100, 9_000), Infinity);
    tape.play(9_000);
    tape.play(9_010);
    assert.equal(tape.delayTo(100, 9_010), 60);
  });

  it("goes on from the message it was moved to", () => {
    const tape = new Tape();
    tape.play(1_000);
    tape.pause(1_010);
    tape.moveTo(100);
    tape.moveTo(300);
    tape.play(5_000);
    assert.equal(tape.delayTo(350, 5_000), 50);
  });
});
