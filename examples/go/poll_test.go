package main

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"quatrain/xmpp/stanza"
)

func TestParsePoll(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string // question and choices; nil if it is refused
	}{
		{"two choices", "Is it day? | Yea|  Nay ", []string{"Is it day?", "Yea", "Nay"}},
		{"greatest", "Which?" + strings.Repeat("|x", maxChoices), append([]string{"Which?"}, slices.Repeat([]string{"x"}, maxChoices)...)},
		{"too many", "Which?" + strings.Repeat("|x", maxChoices+1), nil},
		{"one choice", "Is it day? | Yea", nil},
		{"no choice", "Is it day?", nil},
		{"no question", "| Yea | Nay", nil},
		{"empty choice", "Is it day? | Yea | ", nil},
		{"long choice", "Is it day? | Yea | " + strings.Repeat("a", maxLength+1), nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, refusal := parsePoll(test.text, "romeo@localhost")
			if test.want == nil {
				if refusal == nil || refusal.Condition != stanza.BadRequest || refusal.Text == "" {
					t.Errorf("not refused: %v, %v", p, refusal)
				}
				return
			}
			if refusal != nil {
				t.Fatal(refusal)
			}
			if got := append([]string{p.question}, p.choices...); !slices.Equal(got, test.want) {
				t.Errorf("want %q, got %q", test.want, got)
			}
		})
	}
}

func TestResultCountsVotes(t *testing.T) {
	p := &poll{question: "Which?", choices: []string{"rose", "other name", "neither"}, votes: map[string]int{"a@x": 1, "b@x": 0, "c@x": 1}}
	want := "Which?\n1 × rose\n2 × other name\n0 × neither"
	if got := p.result(); got != want {
		t.Errorf("want %q, got %q", want, got)
	}
}

func TestRecordsAreReadBack(t *testing.T) {
	p := &poll{question: "Which?", asker: "romeo@localhost", choices: []string{"rose", "other name"}, votes: map[string]int{"juliet@localhost": 1}}
	got := readPoll(p.record())
	if got.question != p.question || got.asker != p.asker || !slices.Equal(got.choices, p.choices) || !maps.Equal(got.votes, p.votes) {
		t.Errorf("want %+v, got %+v", p, got)
	}
	if readPoll(nil) != nil {
		t.Error("there is a poll without a record")
	}
}

func TestVotesForNothingDoNotCount(t *testing.T) {
	record := (&poll{question: "Which?", choices: []string{"rose", "other name"}, votes: map[string]int{"a@x": 2, "b@x": -1, "c@x": 0}}).record()
	if got := readPoll(record); !maps.Equal(got.votes, map[string]int{"c@x": 0}) {
		t.Errorf("got %v", got.votes)
	}
}
